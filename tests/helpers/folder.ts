import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, onTestFinished } from "vitest";

/** A folder that is there until the test ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tenfold-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder that is there while the tests of a file run, with what `fill` puts there. @returns where in it a name leads. */
export function folderWith(
  fill: (file: (name: string) => string) => Promise<unknown>,
): (name: string) => string {
  let folder: string;
  const file = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tenfold-"));
    await fill(file);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return file;
}
