/** The sources of the project, for tests of how it is built up. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Every TypeScript file of a folder. */
export const sources = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

/** What the files of a folder import from this project, types included. */
export const imports = (folder: string) =>
  sources(folder).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"([~.#][^"]*)"/g)].map(([, target]) => ({
      file,
      target: target!,
    })),
  );
