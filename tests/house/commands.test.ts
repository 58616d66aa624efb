import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { migrations } from "#models/migrations/index";
import { copyProject } from "../../bin/copy";
import { scratchFolder } from "../helpers/folder";
import { LONG, listening, send } from "../helpers/server";

describe("npm start", { timeout: 3 * LONG }, () => {
  /** Starts, loads a page, ends; returns what was printed on the way. */
  async function start(clone: string) {
    const server = await listening(["bin/start.js"], clone, {});
    const { status } = await send(server.port, { path: "/" });
    await server.stop();
    expect(status).toBe(200);
    return server.output();
  }

  it("builds a fresh clone, migrates and serves; a second start builds nothing; a changed source builds again", async () => {
    const clone = scratchFolder();
    copyProject(clone);
    const first = await start(clone);
    expect(first).toMatch(/^Building\.\n/);
    for (const { name } of migrations) expect(first).toContain(`migrate up ${name}"`);
    expect(first).toContain("Tenfold listens on http://localhost:");
    expect(await start(clone)).not.toContain("Building");
    const later = new Date(Date.now() + 1_000);
    utimesSync(join(clone, "models/user.server.ts"), later, later);
    expect(await start(clone)).toMatch(/^Building\.\n/);
    const assets = join(clone, "build/client/assets");
    const scripts = readdirSync(assets).map((name) => readFileSync(join(assets, name), "utf8"));
    expect(scripts.join(), "React for production").toContain("Minified React error");
  });
});

describe("without packages, or with others than the lock file names,", () => {
  it.each(["start", "dev", "test"])(
    "npm run %s says so, installs from the lock file, and ends where that fails",
    (name) => {
      const clone = scratchFolder();
      copyProject(clone);
      rmSync(join(clone, "node_modules/.package-lock.json"));
      const npm = join(clone, "fake");
      mkdirSync(npm);
      writeFileSync(join(npm, "npm"), '#!/bin/sh\necho "$@" > asked\nexit 7\n', { mode: 0o755 });
      const { status, stdout } = spawnSync(process.execPath, [`bin/${name}.js`], {
        cwd: clone,
        env: { PATH: `${npm}:${process.env.PATH}`, NODE_ENV: "test" },
        encoding: "utf8",
      });
      expect([status, readFileSync(join(clone, "asked"), "utf8")]).toEqual([7, "ci --no-audit --no-fund\n"]);
      expect(stdout).toContain("Installing packages.");
    },
  );
});

describe("npm test", () => {
  const test = (env: Record<string, string>, ...args: string[]) =>
    spawnSync(process.execPath, ["bin/test.js", ...args], {
      env: { PATH: process.env.PATH, NODE_ENV: "test", ...env },
      encoding: "utf8",
    });

  it("without Chromium skips the browser tests with a loud line, and counts them in its last", () => {
    const { status, stdout, stderr } = test(
      { CHROMIUM: "" },
      "tests/browser/frame.test.ts",
      "tests/services/http.test.ts",
    );
    expect(stderr).toContain("!!! THE BROWSER TESTS ARE SKIPPED: no Chromium was found. Install it");
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^[1-9]\d* passed, 0 failed, [1-9]\d* skipped$/);
    expect(status).toBe(0);
  });
  it("without Chromium is a failure under CI=true", () => {
    const { status, stdout, stderr } = test({ CHROMIUM: "", CI: "true" });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("CI must run the browser tests");
  });
  it("without a Redis server skips the tests with Redis with a loud line; under CI=true it is a failure", () => {
    const { status, stderr } = test({ CHROMIUM: "", REDIS_SERVER: "" }, "tests/services/cache.test.ts");
    expect(stderr).toContain("!!! THE TESTS WITH REDIS ARE SKIPPED: no Redis server was found. Install it");
    expect(status).toBe(0);
    const ci = test({ CHROMIUM: "here", REDIS_SERVER: "", CI: "true" });
    expect([ci.status, ci.stdout]).toEqual([1, ""]);
    expect(ci.stderr).toContain("CI must run the tests with Redis");
  });
  it("on Postgres asks for a server by name", () => {
    const { status, stderr } = test({ DATABASE_URL: "sqlite:x" }, "--postgres");
    expect(status).toBe(1);
    expect(stderr).toContain("npm run test:postgres needs DATABASE_URL=postgres://");
  });
  it("fails where it runs no test", () => {
    expect(test({ CHROMIUM: "" }, "tests/nowhere").status).toBe(1);
  });
});
