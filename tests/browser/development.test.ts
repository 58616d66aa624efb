import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { inBrowser } from "../helpers/browser";
import { edit, projectCopy, startDevelopment } from "../helpers/development";
import { addPeople, PASSWORD, post, send } from "../helpers/server";

/** What lies in the project's folder and is for nobody. */
const PRIVATE = [".env", "data/tenfold.sqlite", "uploads/.gitkeep", ".git/HEAD"];

async function start() {
  for (const file of PRIVATE) {
    mkdirSync(dirname(join(projectCopy, file)), { recursive: true });
    writeFileSync(join(projectCopy, file), "# private");
  }
  return startDevelopment();
}

inBrowser(
  "npm run dev",
  (open) => {
    const until = async (look: () => Promise<unknown>, wanted: unknown) => {
      await expect.poll(look, { interval: 200 }).toEqual(wanted);
    };

    it("a component is replaced without losing what was typed, on the one port", () =>
      open({}, async ({ page }) => {
        await page.goto("/accounts/login", { waitUntil: "networkidle" });
        const field = page.getByRole("textbox", { name: "Username" });
        await field.fill("Half a na");
        edit("app/features/accounts/login.tsx", "<h1>Sign in</h1>", "<h1>Sign in, reloaded</h1>");
        await page.getByRole("heading", { name: "Sign in, reloaded" }).waitFor();
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
  start,
);
