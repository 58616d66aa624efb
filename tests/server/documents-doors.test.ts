import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { disconnect } from "#models/database.server";
import { Document } from "#models/document.server";
import { migrate } from "#models/migrate.server";
import { type NewUser, User } from "#models/user.server";
import { keep } from "~/features/documents/keep.server";
import { exportsOf, urlsOf } from "~/manage/routes";
import { methodsOf } from "~/services/gate.server";
import { startSession } from "~/services/session.server";
import routes from "../../app/routes";
import { get } from "../helpers/call";
import { cookieOf } from "../helpers/people";
import { type RawAnswer, type RunningServer, send, startServer } from "../helpers/server";

// Before anything of ours is imported: the connection reads it at once.
const folder = await vi.hoisted(async () => {
  const { mkdtempSync } = await import("node:fs");
  const made = mkdtempSync(`${(await import("node:os")).tmpdir()}/tenfold-doors-`);
  process.env.DATABASE_URL = `sqlite:${made}/doors.sqlite`;
  process.env.UPLOADS = `${made}/uploads`;
  return made;
});

const ROLES = [
  "anonymous",
  "inactive owner",
  "other person",
  "owner",
  "member of admin",
  "superuser",
] as const;
type Role = (typeof ROLES)[number];
const STATES = ["exists", "trashed", "erased", "missing"] as const;
type State = (typeof STATES)[number];

/** Who gets something else than what a missing document answers. */
type Admits = (role: Role, state: State) => boolean;

const SEE = ["owner", "member of admin", "superuser"];
const whileThere: Admits = (role, state) => state === "exists" && SEE.includes(role);
const whileTrashed: Admits = (role, state) => state === "trashed" && SEE.includes(role);
const nobody: Admits = () => false;
/** The admin is for staff; of these only the superuser has the right to see documents. It shows, and changes nothing. */
const inAdmin: Admits = (role, state) => state === "exists" && role === "superuser";
/** What was done stays on record, also of what is gone. */
const onRecord: Admits = (role, state) => state !== "missing" && role === "superuser";

/** Every door that leads to one document. */
const DOORS: Record<string, Admits> = {
  "GET /documents/:id": whileThere,
  "GET /documents/:id/edit": whileThere,
  "POST /documents/:id/edit": whileThere,
  "GET /documents/:id/download": whileThere,
  "GET /documents/:id/preview": whileThere,
  "POST /documents/:id/delete": whileThere,
  "POST /documents/:id/restore": whileTrashed,
  "POST /documents/:id/erase": whileTrashed,
  "GET /admin/:feature/:model/:id/change": inAdmin,
  "POST /admin/:feature/:model/:id/change": nobody,
  "GET /admin/:feature/:model/:id/delete": inAdmin,
  "POST /admin/:feature/:model/:id/delete": inAdmin,
  "GET /admin/:feature/:model/:id/history": onRecord,
  "POST /admin/:feature/:model/:id/history": nobody,
};

/** Doors that lead to many at once: nothing of a document is in the answer but for these. */
const LISTS: Record<string, Role[]> = {
  "GET /documents": ["owner", "member of admin", "superuser"],
  "GET /documents/trash": ["owner", "member of admin", "superuser"],
  "GET /documents/vault": ["superuser"],
  "POST /documents/vault": ["superuser"],
  "GET /documents/upload": [],
  "POST /documents/upload": [],
  "GET /admin": ["superuser"],
  "GET /admin/:feature/:model": ["superuser"],
  "POST /admin/:feature/:model": ["superuser"],
  "GET /admin/:feature/:model/add": ["superuser"],
  "POST /admin/:feature/:model/add": ["superuser"],
  "POST /admin/:feature/:model/action": ["superuser"],
  "GET /admin/:feature/:model/action": ["superuser"],
  "GET /admin/:feature/:model/export.csv": ["superuser"],
  "GET /": [],
};

/** Something that no other text has. */
const SECRET = "Zugvogel";

let server: RunningServer;
const cookies = new Map<Role, string>();
const people = new Map<Role, User>();

beforeAll(async () => {
  await migrate();
  const add = async (role: Role, values: Omit<NewUser, "username"> = {}) => {
    const user = await User.add({ username: role.replaceAll(" ", "-"), ...values });
    people.set(role, user);
    cookies.set(role, cookieOf(await startSession(get("/"), user)));
  };
  await add("inactive owner");
  await add("other person");
  await add("owner");
  await add("member of admin");
  await people.get("member of admin")!.setGroups(["admin"]);
  await add("superuser", { isStaff: true, isSuperuser: true });
  await User.update({ isActive: false }, { where: { id: people.get("inactive owner")!.id } });
  server = await startServer({ DATABASE_URL: process.env.DATABASE_URL!, UPLOADS: process.env.UPLOADS! });
  // From here on all ids have as many digits.
  await makeDocument("exists", "superuser");
  await Document.update({ id: 1_000 }, { where: {} });
});
afterAll(async () => {
  await disconnect();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const viewer = (role: Role) => {
  const user = people.get(role)!;
  return { id: user.id, username: user.username, isSuperuser: true, isIn: () => true };
};

/** @returns the id of a document in that state. */
async function makeDocument(state: State, role: Role): Promise<number> {
  if (state === "missing") return 9_999;
  const content = await keep([Buffer.from(SECRET)], `${SECRET}.txt`);
  const where = { id: people.get(role)!.id };
  // Nobody adds a document who may not sign in: they were active then.
  if (role === "inactive owner") await User.update({ isActive: true }, { where });
  const [id] = (await Document.add([{ ...content, title: SECRET }], viewer(role)))!;
  if (role === "inactive owner") await User.update({ isActive: false }, { where });
  if (state === "trashed" || state === "erased") await Document.moveToTrash(id!, viewer(role));
  if (state === "erased") await Document.eraseOne(id!, viewer(role));
  return id!;
}

function ask(url: string, id: number, role: Role, data: boolean) {
  const [method, pattern] = url.split(" ") as [string, string];
  const path = pattern
    .replace(":feature", "documents")
    .replace(":model", "document")
    .replace(":id", String(id));
  return send(server.port, {
    method,
    path: data ? `${path === "/" ? "/_root" : path}.data` : path,
    headers: {
      ...(role === "anonymous" ? {} : { Cookie: cookies.get(role)! }),
      ...(method === "POST" && { "Content-Type": "application/x-www-form-urlencoded" }),
    },
    body: method === "POST" ? "title=x&filename=x&_version=1&ids=1" : undefined,
  });
}

/** An answer without what differs at each: the request's id, its nonce, the time; and without the id that was asked for. */
function bare({ status, headers, body }: RawAnswer, id: number) {
  const { date: _, "x-request-id": __, ...rest } = headers;
  const neutral = (text: string) =>
    text
      .replaceAll(/nonce(-|="|\\?":\\?")[\w+/=]*/g, "nonce")
      .replaceAll(new RegExp(`(?<!\\d)${id}(?!\\d)`, "g"), "ID")
      .replaceAll(/flash-[\w-]{8}=[^;]*/g, "flash=");
  return { status, headers: JSON.parse(neutral(JSON.stringify(rest))), body: neutral(body) };
}

/** What the sources import, as far as it is ours: the file behind each import. */
function reaches(file: string, target: string, seen = new Set<string>()): boolean {
  if (file === target) return true;
  if (seen.has(file)) return false;
  seen.add(file);
  const imported = [...readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"([~.#][^"]*)"/g)].map(
    ([, to]) => {
      const path = to!.replace(/^~/, "app").replace(/^#/, "");
      const place = to!.startsWith(".") ? join(dirname(file), path) : path;
      return ["", ".ts", ".tsx"]
        .map((suffix) => place + suffix)
        .find((name) => /\.tsx?$/.test(name) && existsSync(name));
    },
  );
  return imported.some((next) => next !== undefined && reaches(next, target, seen));
}

describe("the doors that lead to a document", () => {
  it("are all listed: a route whose code can reach one and that has no place in the tables is a side door", async () => {
    const urls = urlsOf(routes).filter(({ file }) => reaches(join("app", file), "models/document.server.ts"));
    const names = await exportsOf(urls.map(({ file }) => file));
    const found = urls.flatMap(({ url, file }) =>
      methodsOf(Object.fromEntries(names.get(file)!.map((name) => [name, true])))
        .filter((method) => method !== "HEAD")
        .map((method) => `${method} ${url}`),
    );
    expect(found.filter((url) => !(url in DOORS) && !(url in LISTS))).toEqual([]);
    expect(found.length).toBeGreaterThan(20);
  });
  const cells = Object.keys(DOORS).flatMap((url) =>
    ROLES.flatMap((role) => STATES.map((state) => ({ url, role, state }))),
  );
  it.each(cells)("$url, asked by $role, of a document that $state", async ({ url, role, state }) => {
    const owner = role === "inactive owner" ? role : "owner";
    for (const data of [false, true]) {
      const id = await makeDocument(state, owner);
      const answer = await ask(url, id, role, data);
      expect(answer.status, "never a fault").toBeLessThan(500);
      if (DOORS[url]!(role, state)) {
        expect(answer.status).not.toBe(404);
        continue;
      }
      const missing = await ask(url, 9_999, role, data);
      expect(bare(answer, id)).toEqual(bare(missing, 9_999));
      expect(answer.body).not.toContain(SECRET);
      if (state === "exists") expect((await Document.findByPk(id))?.title).toBe(SECRET);
    }
  });
});

describe("the doors that lead to many", () => {
  it.each(Object.keys(LISTS).flatMap((url) => ROLES.map((role) => ({ url, role }))))(
    "$url tells $role nothing of what they may not see",
    async ({ url, role }) => {
      await makeDocument("exists", "owner");
      await makeDocument("trashed", "owner");
      const [method, path] = url.split(" ") as [string, string];
      for (const query of ["", `?q=${SECRET}`]) {
        const answer = await ask(`${method} ${path}${query}`, 9_999, role, false);
        expect(answer.status).toBeLessThan(500);
        if (!LISTS[url]!.includes(role))
          expect(
            answer.body
              .replaceAll(`q=${SECRET}`, "")
              .replaceAll(`value="${SECRET}"`, "")
              .replaceAll(`\\"q\\",\\"${SECRET}\\"`, ""),
          ).not.toContain(SECRET);
      }
    },
  );
});
