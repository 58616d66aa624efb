import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { inBrowser } from "../helpers/browser";
import { form, listening, send } from "../helpers/server";

const SOURCES = [
  "app",
  "bin",
  "models",
  "public",
  "package.json",
  "package-lock.json",
  "remix.config.js",
  "server.ts",
  "tsconfig.json",
];
// Beside the project: hard links do not reach another file system.
const copy = mkdtempSync(resolve("build/development-"));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function edit(file: string, from: string, to: string) {
  const text = readFileSync(join(copy, file), "utf8");
  expect(text, `${file} holds what is to be edited`).toContain(from);
  writeFileSync(join(copy, file), text.replace(from, to));
}

/** A port that is free now: a restart has to find the same one. */
const freePort = () =>
  new Promise<string>((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(String(port)));
    });
  });

async function startDevelopment() {
  for (const source of SOURCES) cpSync(source, join(copy, source), { recursive: true });
  execFileSync("cp", ["-al", resolve("node_modules"), copy]);
  const server = await listening(["bin/dev.js"], copy, { PORT: await freePort() });
  return {
    ...server,
    async stop() {
      server.process.kill("SIGTERM");
      await server.exited;
      rmSync(server.folder, { recursive: true, force: true });
    },
  };
}

inBrowser(
  "npm run dev",
  (open) => {
    const until = async (look: () => Promise<unknown>, wanted: unknown) => {
      await expect.poll(look, { timeout: 30_000, interval: 200 }).toEqual(wanted);
    };

    it("a component is replaced without losing what was typed, on the one port", () =>
      open({}, async ({ page }) => {
        await page.goto("/todos", { waitUntil: "networkidle" });
        const field = page.getByRole("textbox", { name: "New to-do" });
        await field.fill("Half a sent");
        edit("app/features/todos/list.tsx", "<h1>To-dos</h1>", "<h1>To-dos, reloaded</h1>");
        await page.getByRole("heading", { name: "To-dos, reloaded" }).waitFor({ timeout: 30_000 });
        expect(await field.inputValue()).toBe("Half a sent");
      }));

    it("a loader and a model are picked up without a restart", () =>
      open({}, async ({ server }) => {
        for (const title of ["one", "two"]) {
          await send(server.port, { method: "POST", path: "/todos", ...form({ title }) });
        }
        const body = async () => (await send(server.port, { path: "/todos" })).body;
        const order = async () =>
          [...(await body()).matchAll(/id="t\d+">([a-z]+)</g)].map(([, title]) => title);
        await until(order, ["two", "one"]);
        edit("models/todo.server.ts", '["created_at", "DESC"]', '["created_at", "ASC"]');
        await until(order, ["one", "two"]);
        edit("app/features/todos/list.tsx", "const PER_PAGE = 50", "const PER_PAGE = 1");
        await until(order, ["one"]);
        expect(server.output().match(/listens on/g)).toHaveLength(1);
      }));

    it("server.ts restarts the process", () =>
      open({}, async ({ server }) => {
        edit(
          "server.ts",
          'app.get("/healthz"',
          'app.get("/restarted", (_request, response) => void response.send("yes"));\napp.get("/healthz"',
        );
        const ask = () =>
          send(server.port, { path: "/restarted" }).then(
            ({ body }) => body,
            () => "away",
          );
        await until(ask, "yes");
        expect(server.output().match(/listens on/g)).toHaveLength(2);
      }));

    it.each(["/.env", "/data/tenfold.sqlite", "/uploads/.gitkeep", "/.git/HEAD"])(
      "%s is not handed out",
      (path) =>
        open({}, async ({ server }) =>
          expect([403, 404]).toContain((await send(server.port, { path })).status),
        ),
    );
  },
  startDevelopment,
);
