import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { disconnect } from "#models/database.server";
import { migrate } from "#models/migrate.server";
import { User } from "#models/user.server";
import { featureServers } from "~/features.server";
import { exportsOf, urlsOf } from "~/manage/routes";
import { methodsOf } from "~/services/gate.server";
import { startSession } from "~/services/session.server";
import routes from "../../app/routes";
import { type AccessRow, ROLES, type Role, type Verdict } from "../helpers/access";
import { accessRows, pathOf } from "../helpers/access-table";
import { get } from "../helpers/call";
import { cookieOf } from "../helpers/people";
import { type RawAnswer, type RunningServer, send, startServer } from "../helpers/server";

// Before anything of ours is imported: the connection reads it at once.
const folder = await vi.hoisted(async () => {
  const { mkdtempSync } = await import("node:fs");
  const made = mkdtempSync(`${(await import("node:os")).tmpdir()}/tenfold-access-`);
  process.env.DATABASE_URL = `sqlite:${made}/access.sqlite`;
  process.env.UPLOADS = `${made}/uploads`;
  return made;
});

const people = new Map<Role, User>();
let server: RunningServer;
let privateServer: RunningServer;

beforeAll(async () => {
  await migrate();
  for (const { seed } of featureServers) await seed?.run(seed.count);
  people.set("user", await User.add({ username: "a-user" }));
  people.set("staff", await User.add({ username: "a-staff", isStaff: true }));
  people.set("superuser", await User.add({ username: "a-superuser", isStaff: true, isSuperuser: true }));
  const env = { DATABASE_URL: process.env.DATABASE_URL!, UPLOADS: process.env.UPLOADS! };
  [server, privateServer] = await Promise.all([
    startServer(env),
    startServer({ ...env, REQUIRE_LOGIN: "true" }),
  ]);
});
afterAll(async () => {
  await disconnect();
  await Promise.all([server.stop(), privateServer.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

/** A session of its own for each request: some of them end sessions. */
async function cookieFor(role: Role) {
  const user = people.get(role);
  return user ? cookieOf(await startSession(get("/"), user)) : "";
}

async function ask(at: RunningServer, row: AccessRow, role: Role): Promise<RawAnswer> {
  const method = row.url.split(" ")[0]!;
  const headers: Record<string, string> = {
    Cookie: await cookieFor(role),
    ...(method === "POST" && { "Content-Type": "application/x-www-form-urlencoded" }),
  };
  return send(at.port, { method, path: pathOf(row), headers });
}

/** What a row's answer amounts to; a path of ours that leads to the login for another reason carries no `next`. */
function verdictOf({ status, headers }: RawAnswer, expected: Verdict): Verdict | string {
  if (String(headers.location ?? "").startsWith("/accounts/login?next=")) return "login";
  if (status === 403) return "forbidden";
  if (status === 404 && expected === "hidden") return "hidden";
  return status < 500 && status !== 405 ? "open" : `status ${status}`;
}

describe("the table of who may use what", () => {
  it("has a row for every method of every URL, and no row too many", async () => {
    const urls = urlsOf(routes);
    const names = await exportsOf(urls.map(({ file }) => file));
    const known = urls.flatMap(({ url, file }) =>
      methodsOf(Object.fromEntries(names.get(file)!.map((name) => [name, true])))
        .filter((method) => method !== "HEAD")
        .map((method) => `${method} ${url}`),
    );
    expect(accessRows.map(({ url }) => url).sort()).toEqual(known.sort());
  });
  it.each(accessRows.flatMap((row) => ROLES.map((role) => ({ ...row, role, expected: row.verdicts[role] }))))(
    "$url is $expected for $role",
    async ({ role, expected, ...row }) => {
      expect(verdictOf(await ask(server, row, role), expected)).toBe(expected);
    },
  );
  it("leads to pages of which each has a title", async () => {
    const gets = accessRows.filter(({ url }) => url.startsWith("GET "));
    const answers = await Promise.all(gets.map((row) => ask(server, row, "superuser")));
    const pages = answers.filter(({ headers }) => String(headers["content-type"]).startsWith("text/html"));
    expect(pages.length).toBeGreaterThan(gets.length / 2);
    for (const { body } of pages) expect(body).toMatch(/<title>([^<]+ · )?Tenfold<\/title>/);
  });
  it.each(accessRows)(
    "$url of a private site asks who is anonymous for a login, or is named public",
    async (row) => {
      const expected = row.public ? row.verdicts.anonymous : "login";
      expect(verdictOf(await ask(privateServer, row, "anonymous"), expected)).toBe(expected);
    },
  );
  it.each(accessRows)("$url of a private site is as before for who is signed in", async (row) => {
    const expected = row.verdicts.user;
    expect(verdictOf(await ask(privateServer, row, "user"), expected)).toBe(expected);
  });
});
