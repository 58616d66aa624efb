/** What `npm run bench` measures, and the data it measures on: a module of tests/bench/features for each feature. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { PASSWORD, type RunningServer, TEST_SECRET } from "../helpers/server";

/** A prepared database: `small` fills one page of each list, `large` many. */
export type DataSet = "small" | "large";

export interface BenchPage {
  name: string;
  path: string;
  data: DataSet;
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
  /** Asked for by a superuser who is signed in. */
  signedIn?: boolean;
  /** What every answer must have; 200 where nothing else is said. */
  status?: number;
}

/** Something to measure that is no page, on a server of its own. */
export interface BenchPart {
  name: string;
  /** @returns what was measured, in words. */
  run(server: RunningServer): Promise<string>;
}

/** What the module of a feature exports. */
interface BenchFeature {
  /** In the order of measuring: what changes what others show comes last. */
  pages: BenchPage[];
  /** Adds what a data set has more than the one before it. */
  fill?(data: DataSet): Promise<void>;
  parts?: BenchPart[];
}

const folder = new URL("features/", import.meta.url);
const features: BenchFeature[] = await Promise.all(
  readdirSync(folder)
    .sort()
    .map((file) => import(new URL(file, folder).href)),
);

export const pages = features.flatMap(({ pages }) => pages);
export const parts = features.flatMap(({ parts = [] }) => parts);

/** The superuser of every data set, as the login knows them. */
export const bench = { username: "bench", password: PASSWORD };

export const databaseUrl = (folder: string, data: DataSet) => `sqlite:${join(folder, `${data}.sqlite`)}`;

/** Writes the data sets into `folder`, each with a superuser whose cookie goes to the pages that want one. */
export async function prepare(folder: string) {
  // The connection is made from it when the models are imported.
  process.env.DATABASE_URL = `sqlite:${join(folder, "base.sqlite")}`;
  process.env.SESSION_SECRET = TEST_SECRET;
  process.env.UPLOADS = join(folder, "uploads");
  const { disconnect, sequelize } = await import("#models/database.server");
  const { storage } = (sequelize as unknown as { options: { storage: string } }).options;
  if (!storage.startsWith(folder))
    throw new Error(`A bench module has opened ${storage} when it was imported.`);
  const { migrate } = await import("#models/migrate.server");
  const { User } = await import("#models/user.server");
  const { startSession } = await import("~/services/session.server");

  await migrate();
  const user = await User.add({ ...bench, isStaff: true, isSuperuser: true });
  const cookie = await startSession(new Request("http://localhost/"), user);
  for (const page of pages) {
    if (page.signedIn) page.headers = { ...page.headers, Cookie: cookie.split(";")[0]! };
  }
  for (const data of ["small", "large"] as const) {
    for (const { fill } of features) await fill?.(data);
    const file = databaseUrl(folder, data).slice("sqlite:".length);
    await sequelize.query("VACUUM INTO ?", { replacements: [file] });
  }
  await disconnect();
}
