import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { copyProject } from "../../bin/copy";
import { inBrowser } from "../helpers/browser";
import { addPeople, listening, PASSWORD, post, send } from "../helpers/server";

const copy = mkdtempSync(join(tmpdir(), "tenfold-development-"));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** What lies in the project's folder and is for nobody. */
const PRIVATE = [".env", "data/tenfold.sqlite", "uploads/.gitkeep", ".git/HEAD"];

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
  copyProject(copy);
  for (const file of PRIVATE) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), "# private");
  }
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
        await page.goto("/accounts/login", { waitUntil: "networkidle" });
        const field = page.getByRole("textbox", { name: "Username" });
        await field.fill("Half a na");
        edit("app/features/accounts/login.tsx", "<h1>Sign in</h1>", "<h1>Sign in, reloaded</h1>");
        await page.getByRole("heading", { name: "Sign in, reloaded" }).waitFor({ timeout: 30_000 });
        expect(await field.inputValue()).toBe("Half a na");
      }));

    it("a loader and a model are picked up without a restart", () =>
      open({}, async ({ server }) => {
        const cookie = await addPeople(server, "boss");
        await post(server, "/accounts/login", { username: "boss", password: PASSWORD });
        const body = async () =>
          (await send(server.port, { path: "/accounts/sessions", headers: cookie })).body;
        const order = async () => [...(await body()).matchAll(/id="session-(\d+)"/g)].map(([, id]) => id);
        await until(order, ["2", "1"]);
        edit("models/session.server.ts", '["seen_at", "DESC"]', '["seen_at", "ASC"]');
        await until(order, ["1", "2"]);
        const read = "await sessionViews(id, sessionId)";
        edit("app/features/accounts/sessions.tsx", read, `(${read}).slice(1)`);
        await until(order, ["2"]);
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

    it.each(PRIVATE)("%s is not handed out", (path) =>
      open({}, async ({ server }) => {
        const { status, body } = await send(server.port, { path: `/${path}` });
        expect([403, 404]).toContain(status);
        expect(body).not.toContain("# private");
      }),
    );
  },
  startDevelopment,
);
