import { describe, expect, it, vi } from "vitest";
import { sequelize } from "#models/database.server";
import { Session } from "#models/session.server";
import { requirePermission, requireStaff, requireUser } from "~/services/auth.server";
import { rememberContext } from "~/services/context.server";
import { endSession, getUser, staleCookie, startSession } from "~/services/session.server";
import { call, get, post } from "../helpers/call";
import { cookieOf, signedIn } from "../helpers/people";

const as = (cookie: string, path = "/") => get(path, { Cookie: cookie });
const guard = (check: (request: Request) => Promise<unknown>, request: Request) =>
  call(() => check(request), request);

describe("getUser", () => {
  it("asks nothing of the database without a cookie", async () => {
    const query = vi.spyOn(sequelize, "query");
    expect(await getUser(get("/", { Cookie: "theme=dark" }))).toBeNull();
    expect(query).not.toHaveBeenCalled();
  });
  it("asks once for all loaders of one HTTP request", async () => {
    const { cookie } = await signedIn();
    const context = {};
    const requests = [as(cookie), as(cookie), as(cookie, "/x")];
    for (const request of requests) rememberContext(request, context);
    const query = vi.spyOn(sequelize, "query");
    const users = await Promise.all(requests.map(getUser));
    expect(users.map((user) => user?.username)).toEqual(["ada", "ada", "ada"]);
    expect(query).toHaveBeenCalledTimes(1);
  });
});

describe("a session cookie", () => {
  const broken: [string, (cookie: string) => string][] = [
    ["forged", (cookie) => cookie.replace(/=.{8}/, "=AAAAAAAA")],
    ["truncated", (cookie) => cookie.slice(0, 40)],
    ["without its signature", (cookie) => cookie.split(".")[0]!],
    ["of 10 kB", () => `session=${"x".repeat(10_000)}`],
    ["empty", () => "session="],
    ["of another program", () => "session=s%3Aabc.def"],
    ["with percent signs that mean nothing", () => "session=%E0%A4%A"],
  ];
  it.each(broken)("%s is taken for none, without asking the database, and cleared", async (_, breakIt) => {
    const { cookie } = await signedIn();
    const query = vi.spyOn(sequelize, "query");
    expect(await getUser(as(breakIt(cookie)))).toBeNull();
    expect(query).not.toHaveBeenCalled();
    expect(await staleCookie(as(breakIt(cookie)))).toMatch(/^session=[^;]*; Max-Age=0; Path=\/; HttpOnly/);
  });
  it("of a session that has expired is taken for none, and cleared", async () => {
    const { cookie } = await signedIn();
    await Session.update({ expiresAt: new Date(Date.now() - 1) }, { where: {} });
    expect(await getUser(as(cookie))).toBeNull();
    expect(await staleCookie(as(cookie))).toContain("Max-Age=0");
  });
  it("that is good is not cleared, and none is set where there was none", async () => {
    const { cookie } = await signedIn();
    expect(await staleCookie(as(cookie))).toBeUndefined();
    expect(await staleCookie(get("/"))).toBeUndefined();
    expect(await staleCookie(get("/", { Cookie: "mysession=x; theme=dark" }))).toBeUndefined();
  });
  it("is HttpOnly, SameSite=Lax and ends after 90 days; by https it is Secure and bound to the host", async () => {
    const { user } = await signedIn();
    const attributes = "; Max-Age=7776000; Path=/; HttpOnly";
    const plain = await startSession(get("/"), user);
    expect(plain).toMatch(/^session=/);
    expect(plain).toContain(`${attributes}; SameSite=Lax`);
    expect(plain).not.toContain("Secure");
    const secure = await startSession(new Request("https://tenfold.test/"), user);
    expect(secure).toMatch(/^__Host-session=/);
    expect(secure).toContain(`${attributes}; Secure; SameSite=Lax`);
  });
  it("of plain http is no session by https: somebody on the way could have set it", async () => {
    const { cookie } = await signedIn();
    expect(await getUser(new Request("https://tenfold.test/", { headers: { Cookie: cookie } }))).toBeNull();
  });
});

describe("signing in", () => {
  it("gives a new session and ends the one that the browser had", async () => {
    const { user, cookie } = await signedIn();
    const fresh = cookieOf(await startSession(as(cookie), user));
    expect(fresh).not.toBe(cookie);
    expect(await getUser(as(cookie))).toBeNull();
    expect((await getUser(as(fresh)))?.username).toBe("ada");
  });
});

describe("signing out", () => {
  it("that two requests race ends the session for both, and neither fails", async () => {
    const { cookie } = await signedIn();
    const cleared = await Promise.all([endSession(as(cookie)), endSession(as(cookie)), getUser(as(cookie))]);
    expect(cleared.slice(0, 2).every((header) => String(header).includes("Max-Age=0"))).toBe(true);
    expect(await getUser(as(cookie))).toBeNull();
  });
});

describe("a guard", () => {
  it("sends who is not signed in to the login, which leads back to the page and its query", async () => {
    const { status, headers } = await guard(requireUser, get("/documents?q=a%26b&page=2"));
    const to = new URL(headers.get("Location")!, "http://tenfold.test");
    expect([status, to.pathname, to.searchParams.get("next")]).toEqual([
      302,
      "/accounts/login",
      "/documents?q=a%26b&page=2",
    ]);
  });
  it("tells whose form needed a login that nothing was changed, and leads back to the form's page", async () => {
    const sent = post("/todos", { title: "x" }, { Referer: "http://tenfold.test/todos?show=active" });
    const { status, headers } = await guard(requireUser, sent);
    const to = new URL(headers.get("Location")!, "http://tenfold.test");
    expect([status, to.searchParams.get("next")]).toEqual([303, "/todos?show=active"]);
    expect(headers.get("Set-Cookie")).toMatch(/^flash-/);
  });
  it.each([undefined, "http://evil.test/x", "garbage"])(
    "leads to the start page where the form's page is told as %j",
    async (referer) => {
      const { headers } = await guard(
        requireUser,
        post("/todos", {}, referer ? { Referer: referer } : undefined),
      );
      expect(headers.get("Location")).toBe("/accounts/login?next=%2F");
    },
  );
  it("for staff refuses who is not", async () => {
    const { cookie } = await signedIn();
    expect((await guard(requireStaff, as(cookie))).status).toBe(403);
    const staff = await signedIn({ username: "eve", isStaff: true });
    expect((await requireStaff(as(staff.cookie))).username).toBe("eve");
  });
  it("for a permission refuses who lacks it, and passes who has it or is superuser", async () => {
    const { user, cookie } = await signedIn();
    const check = (request: Request) => requirePermission(request, "change", "group");
    expect((await guard(check, as(cookie))).status).toBe(403);
    await user.setPermissions(["change_group"]);
    expect((await check(as(cookie))).username).toBe("ada");
    const boss = await signedIn({ username: "boss", isSuperuser: true });
    expect((await check(as(boss.cookie))).username).toBe("boss");
  });
});
