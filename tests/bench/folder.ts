/**
 * A folder of the run's own, and the settings that lead there. To be imported before anything of the application: its
 * models open the database that the settings name.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TEST_SECRET } from "../helpers/server";

export const folder = mkdtempSync(join(tmpdir(), "tenfold-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

export const databaseUrl = (name: string) => `sqlite:${join(folder, `${name}.sqlite`)}`;

process.env.DATABASE_URL = databaseUrl("base");
process.env.SESSION_SECRET = TEST_SECRET;
process.env.UPLOADS = join(folder, "uploads");
