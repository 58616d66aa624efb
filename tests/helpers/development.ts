/** The development server, on a copy of the project that a test may edit. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { copyProject } from "../../bin/copy";
import { freePort } from "./free-port";
import { listening, type RunningServer } from "./server";

export const projectCopy = mkdtempSync(join(tmpdir(), "tenfold-development-"));
copyProject(projectCopy);
afterAll(() => rmSync(projectCopy, { recursive: true, force: true }));

/** Replaces a part of a file of the copy. */
export function edit(file: string, from: string, to: string) {
  const text = readFileSync(join(projectCopy, file), "utf8");
  expect(text, `${file} holds what is to be edited`).toContain(from);
  writeFileSync(join(projectCopy, file), text.replace(from, to));
}

/** Runs `npm run dev` in the copy. */
export async function startDevelopment(): Promise<RunningServer> {
  const server = await listening(["bin/dev.js"], projectCopy, { PORT: String(await freePort()) });
  return {
    ...server,
    async stop() {
      server.process.kill("SIGTERM");
      await server.exited;
      rmSync(server.folder, { recursive: true, force: true });
    },
  };
}
