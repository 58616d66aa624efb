import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Activity } from "#models/activity.server";
import { Session } from "#models/session.server";
import { User } from "#models/user.server";
import * as account from "~/features/accounts/account";
import * as endOthers from "~/features/accounts/end-other-sessions";
import * as endSession from "~/features/accounts/end-session";
import * as login from "~/features/accounts/login";
import * as logout from "~/features/accounts/logout";
import * as passwordChange from "~/features/accounts/password-change";
import * as sessions from "~/features/accounts/sessions";
import { rememberContext } from "~/services/context.server";
import { getUser } from "~/services/session.server";
import { call, get, post } from "../../helpers/call";
import { cookieOf, signedIn, signInAgain } from "../../helpers/people";

const PASSWORD = "correct horse 9";
let lastAddress = 0;
let address = "";
beforeEach(() => {
  lastAddress += 1;
  address = `192.0.2.${lastAddress}`;
});
afterEach(() => vi.restoreAllMocks());

const from = (request: Request, ip = address) => {
  rememberContext(request, { ip });
  return request;
};
const tryLogin = (username: string, password: string, { next = "", ip = address, cookie = "" } = {}) => {
  const query = next && `?${new URLSearchParams({ next })}`;
  return call(
    login.action,
    from(post(`/accounts/login${query}`, { username, password }, { Cookie: cookie }), ip),
  );
};
const sessionCookie = (headers: Headers) =>
  cookieOf(headers.getSetCookie().find((cookie) => cookie.startsWith("session=")) ?? null);
const who = async (cookie: string) => (await getUser(get("/", { Cookie: cookie })))?.username;

describe("login", () => {
  it("signs in and leads home", async () => {
    await User.add({ username: "ada", password: PASSWORD });
    const { status, headers } = await tryLogin(" ADA ", PASSWORD);
    expect([status, headers.get("Location")]).toEqual([303, "/"]);
    expect(await who(sessionCookie(headers))).toBe("ada");
  });
  it("leads back to where the person wanted to go", async () => {
    await User.add({ username: "ada", password: PASSWORD });
    const { headers } = await tryLogin("ada", PASSWORD, { next: "/documents?q=a%26b&page=2" });
    expect(headers.get("Location")).toBe("/documents?q=a%26b&page=2");
  });
  it.each([
    "//evil.test",
    "https:evil.test",
    "https://evil.test",
    "/\\evil.test",
    "\\\\evil",
    "/\t/evil.test",
    "/a\r\nSet-Cookie: x=1",
    "javascript:alert(1)",
    "evil",
    "",
  ])("leads home and nowhere else when next is %j", async (next) => {
    await User.add({ username: "ada", password: PASSWORD });
    expect((await tryLogin("ada", PASSWORD, { next })).headers.get("Location")).toBe("/");
    const { cookie } = await signedIn({ username: "eve" });
    const path = `/accounts/login?${new URLSearchParams({ next })}`;
    expect((await call(login.loader, get(path, { Cookie: cookie }))).headers.get("Location")).toBe("/");
  });
  it("leads to a path in any script, and remembers the session that it began", async () => {
    await User.add({ username: "ada", password: PASSWORD });
    const { status, headers } = await tryLogin("ada", PASSWORD, { next: "/weather?city=東京" });
    expect([status, headers.get("Location")]).toEqual([303, "/weather?city=%E6%9D%B1%E4%BA%AC"]);
  });
  it("says that there is no superuser yet, where there is none", async () => {
    const shown = async () => (await call(login.loader, get("/accounts/login"))).data;
    await User.add({ username: "ada", isStaff: true });
    expect(await shown()).toEqual({ isNew: true });
    await User.add({ username: "boss", isSuperuser: true });
    expect(await shown()).toEqual({ isNew: false });
  });
  it("sends on who is signed in", async () => {
    const { cookie } = await signedIn();
    const { status, headers } = await call(
      login.loader,
      get("/accounts/login?next=/todos", { Cookie: cookie }),
    );
    expect([status, headers.get("Location")]).toEqual([303, "/todos"]);
  });
  it("refuses a wrong password, an unknown name and an inactive person with the same answer", async () => {
    await User.add({ username: "ada", password: PASSWORD });
    await User.add({ username: "old", password: PASSWORD, isActive: false });
    const answers = [
      await tryLogin("ada", "wrong"),
      await tryLogin("bob", "wrong"),
      await tryLogin("old", PASSWORD),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422]);
    expect(new Set(answers.map(({ data }) => JSON.stringify(data.problem.errors))).size).toBe(1);
    expect(answers.map(({ headers }) => headers.getSetCookie())).toEqual([[], [], []]);
  });
  it("keeps the name that was typed, and never the password", async () => {
    const { data } = await tryLogin("ada", "wrong password");
    expect(data.problem.values).toEqual({ username: "ada" });
  });
  it.each([
    ["nothing", "", ""],
    ["no password", "ada", ""],
    ["a name of 10,000 characters", "x".repeat(10_000), PASSWORD],
    ["a name that takes long to normalize", `a${"\u0300\u0316".repeat(150_000)}`, PASSWORD],
    ["a NUL in the name", "a\u0000b", PASSWORD],
    ["a password of 500 kB", "ada", "x".repeat(500_000)],
    ["half a surrogate pair", "\ud800", "\ud800".repeat(9)],
  ])("refuses %s with 422", async (_, username, password) => {
    await User.add({ username: "ada", password: PASSWORD });
    expect((await tryLogin(username, password)).status).toBe(422);
  });
  it("gives a new session: one from before the login ends", async () => {
    const { user, cookie } = await signedIn({ password: PASSWORD });
    const { headers } = await tryLogin(user.username, PASSWORD, { cookie });
    expect([await who(cookie), await who(sessionCookie(headers))]).toEqual([undefined, "ada"]);
    expect(await Session.count()).toBe(1);
  });
  it("of one person in five browsers at once gives five sessions", async () => {
    await User.add({ username: "ada", password: PASSWORD });
    const answers = await Promise.all(Array.from({ length: 5 }, () => tryLogin("ada", PASSWORD)));
    const cookies = answers.map(({ headers }) => sessionCookie(headers));
    expect(new Set(cookies).size).toBe(5);
    expect(await Promise.all(cookies.map(who))).toEqual(Array(5).fill("ada"));
  });
});

describe("guessing", () => {
  beforeEach(() => User.add({ username: "ada", password: PASSWORD }));
  const guess = async (times: number, username = "ada", ip = address) => {
    const statuses: number[] = [];
    for (let n = 0; n < times; n += 1) statuses.push((await tryLogin(username, `wrong ${n}`, { ip })).status);
    return statuses;
  };

  it("gets 429 with Retry-After after five tries, and a page that says when", async () => {
    expect(await guess(6)).toEqual([422, 422, 422, 422, 422, 429]);
    const { status, headers, data } = await tryLogin("ada", "wrong");
    expect(status).toBe(429);
    expect(Number(headers.get("Retry-After"))).toBeGreaterThan(50);
    expect(data.problem.errors[0].message).toMatch(/Wait 1 minute, until \d\d:\d\d UTC/);
  });
  it("makes a right password wait too", async () => {
    await guess(6);
    expect((await tryLogin("ada", PASSWORD)).status).toBe(429);
  });
  it("counts a name whatever its case as one", async () => {
    await guess(5, "ADA");
    expect((await tryLogin("ada", "wrong")).status).toBe(429);
  });
  it("locks nobody out who comes from another address", async () => {
    await guess(6);
    expect((await tryLogin("ada", PASSWORD, { ip: "198.51.100.7" })).status).toBe(303);
  });
  it("is started over by a right password", async () => {
    await guess(4);
    expect((await tryLogin("ada", PASSWORD)).status).toBe(303);
    expect(await guess(5)).toEqual([422, 422, 422, 422, 422]);
  });
  it("of many names from one address ends as well", async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 51; n += 1) statuses.push((await tryLogin(`name${n}`, "wrong")).status);
    expect(statuses.filter((status) => status === 422)).toHaveLength(50);
    expect(statuses.at(-1)).toBe(429);
  });
  it("from one IPv6 network counts as from one address", async () => {
    for (let n = 1; n <= 5; n += 1) await tryLogin("ada", "wrong", { ip: `2001:db8:1:2::${n}` });
    expect((await tryLogin("ada", "wrong", { ip: "2001:db8:1:2:ffff::9" })).status).toBe(429);
    expect((await tryLogin("ada", "wrong", { ip: "2001:db8:1:3::1" })).status).toBe(422);
  });
});

describe("logout", () => {
  it("ends the session, clears the cookie and says so", async () => {
    const { cookie } = await signedIn();
    const { status, headers } = await call(logout.action, post("/accounts/logout", {}, { Cookie: cookie }));
    expect([status, headers.get("Location")]).toEqual([303, "/accounts/login"]);
    expect(headers.getSetCookie().map((header) => header.split(/[=-]/)[0])).toEqual(["session", "flash"]);
    expect(await who(cookie)).toBeUndefined();
  });
  it("of who is not signed in is no fault", async () => {
    expect((await call(logout.action, post("/accounts/logout"))).status).toBe(303);
  });
});

describe("the account page", () => {
  const save = (cookie: string, fields: Record<string, string>) =>
    call(account.action, post("/accounts", fields, { Cookie: cookie }));
  it("shows and saves the person's own name and email", async () => {
    const { cookie, user } = await signedIn({ email: "a@example.com" });
    const answer = await save(cookie, {
      display_name: " Ada L. ",
      email: "ada@example.com",
      is_superuser: "true",
    });
    expect(answer.status).toBe(303);
    expect((await call(account.loader, get("/accounts", { Cookie: cookie }))).data).toMatchObject({
      username: "ada",
      displayName: "Ada L.",
      email: "ada@example.com",
    });
    expect((await user.reload()).isSuperuser).toBe(false);
  });
  it("without a field refuses it, and empties nothing", async () => {
    const { cookie, user } = await signedIn({ email: "a@example.com" });
    expect((await save(cookie, { display_name: "x" })).status).toBe(422);
    expect((await user.reload()).email).toBe("a@example.com");
  });
  it("notes what was changed, by whom", async () => {
    const { cookie, user } = await signedIn({ email: "a@example.com" });
    await save(cookie, { display_name: "Ada L.", email: "" });
    await save(cookie, { display_name: "Ada L.", email: "" });
    expect(await Activity.of("user", user.id)).toMatchObject([
      {
        userName: "ada",
        deed: "change",
        changes: [
          { field: "email", before: "a@example.com", after: null },
          { field: "display_name", before: null, after: "Ada L." },
        ],
      },
    ]);
  });
  it("may empty both", async () => {
    const { cookie, user } = await signedIn({ email: "a@example.com", displayName: "A" });
    expect((await save(cookie, { display_name: "", email: "" })).status).toBe(303);
    expect(await user.reload()).toMatchObject({ displayName: "", email: "" });
  });
  it.each([
    ["email", "nonsense"],
    ["email", `${"x".repeat(250)}@example.com`],
    ["display_name", "x".repeat(151)],
    ["display_name", "a\u0000b"],
    ["display_name", "\u200b"],
  ])("refuses %s %j, keeps what was typed and what was saved", async (name, value) => {
    const { cookie, user } = await signedIn({ email: "a@example.com" });
    const { status, data } = await save(cookie, { display_name: "", email: "b@example.com", [name]: value });
    expect([status, data.problem.errors[0].name, data.problem.values[name]]).toEqual([422, name, value]);
    expect((await user.reload()).email).toBe("a@example.com");
  });
});

describe("another email", () => {
  const save = async (cookie: string, fields: Record<string, string>) =>
    call(account.action, post("/accounts", { display_name: "", ...fields }, { Cookie: cookie }));
  const asksOwn = async (cookie: string) =>
    (await call(account.loader, get("/accounts", { Cookie: cookie }))).data.asksOwn;

  it("asks for the password where that was given over 15 minutes ago, for links that set one go there", async () => {
    const { cookie, user } = await signedIn({ email: "a@example.com", password: PASSWORD });
    expect(await asksOwn(cookie)).toBe(false);
    await Session.update({ confirmedAt: new Date(Date.now() - 16 * 60_000) }, { where: {} });
    expect(await asksOwn(cookie)).toBe(true);
    const email = "eve@example.com";
    for (const own_password of ["", "wrong"]) {
      const { status, data } = await save(cookie, { email, own_password });
      expect([status, data.problem.errors[0].name, data.problem.values]).toEqual([
        422,
        "own_password",
        { display_name: "", email },
      ]);
    }
    expect((await user.reload()).email).toBe("a@example.com");
    expect((await save(cookie, { email, own_password: PASSWORD })).status).toBe(303);
    expect((await user.reload()).email).toBe(email);
    expect(await asksOwn(cookie)).toBe(false);
  });
  it("is none where only the name changes", async () => {
    const { cookie } = await signedIn({ email: "a@example.com" });
    await Session.update({ confirmedAt: new Date(Date.now() - 16 * 60_000) }, { where: {} });
    expect((await save(cookie, { display_name: "Ada", email: "a@example.com" })).status).toBe(303);
  });
});

describe("a password change", () => {
  const change = (
    cookie: string,
    old_password: string,
    new_password1: string,
    new_password2 = new_password1,
  ) =>
    call(
      passwordChange.action,
      from(
        post("/accounts/password_change", { old_password, new_password1, new_password2 }, { Cookie: cookie }),
      ),
    );
  it("sets the new one, keeps this session and ends the others", async () => {
    const { cookie, user } = await signedIn({ password: PASSWORD });
    const other = await signInAgain(user);
    expect((await change(cookie, PASSWORD, "battery staple 7")).status).toBe(303);
    expect([await who(cookie), await who(other)]).toEqual(["ada", undefined]);
    expect(await User.authenticate("ada", "battery staple 7")).not.toBeNull();
    expect(await User.authenticate("ada", PASSWORD)).toBeNull();
  });
  it("is refused at its field where another came first, whose password and session stay", async () => {
    const { cookie, user } = await signedIn({ password: PASSWORD });
    const other = await signInAgain(user);
    vi.spyOn(User.prototype, "passwordProblem").mockImplementationOnce(async () => {
      expect((await change(other, PASSWORD, "battery staple 7")).status).toBe(303);
      return null;
    });
    const { status, data } = await change(cookie, PASSWORD, "staple battery 8");
    const message = "The password was changed meanwhile. Enter the one that you have now";
    expect([status, data.problem.errors]).toEqual([422, [{ name: "old_password", message }]]);
    expect(await User.authenticate("ada", "battery staple 7")).not.toBeNull();
    expect([await who(cookie), await who(other)]).toEqual([undefined, "ada"]);
    expect(await Activity.of("user", user.id)).toHaveLength(1);
  });
  it("is noted, and neither password is", async () => {
    const { cookie, user } = await signedIn({ password: PASSWORD });
    await change(cookie, PASSWORD, "battery staple 7");
    const deeds = await Activity.of("user", user.id);
    expect(deeds).toMatchObject([
      { userName: "ada", changes: [{ field: "password", before: null, after: "(changed)" }] },
    ]);
    expect(JSON.stringify(deeds)).not.toMatch(/argon2|horse|staple/);
  });
  it("that is refused is not noted", async () => {
    const { cookie } = await signedIn({ password: PASSWORD });
    await change(cookie, "wrong", "battery staple 7");
    expect(await Activity.count()).toBe(0);
  });
  it("makes who guesses at the current password wait", async () => {
    const { cookie } = await signedIn({ password: PASSWORD });
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1)
      statuses.push((await change(cookie, `wrong ${n}`, "battery staple 7")).status);
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429]);
  });
  it.each([
    ["a wrong current password", "wrong", "battery staple 7", "battery staple 7", "old_password"],
    ["two that differ", PASSWORD, "battery staple 7", "battery staple 8", "new_password2"],
    ["one that is too short", PASSWORD, "x9!kq2z", "x9!kq2z", "new_password1"],
    ["one like the name", PASSWORD, "ada-ada-", "ada-ada-", "new_password1"],
    ["an empty one", PASSWORD, "", "", "new_password1"],
  ])("refuses %s at its field, and changes nothing", async (_, old, first, second, field) => {
    const { cookie, user } = await signedIn({ password: PASSWORD, displayName: "ada-ada" });
    const other = await signInAgain(user);
    const { status, data } = await change(cookie, old, first, second);
    expect([status, data.problem.errors[0].name, data.problem.values]).toEqual([422, field, {}]);
    expect(await User.authenticate("ada", PASSWORD)).not.toBeNull();
    expect(await who(other)).toBe("ada");
  });
});

describe("the list of sessions", () => {
  it("names the browser and the address of each, and marks this one", async () => {
    const { cookie, user } = await signedIn();
    const userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
    await Session.start(user, { ip: "198.51.100.7", userAgent });
    const { data } = await call(sessions.loader, get("/accounts/sessions", { Cookie: cookie }));
    expect(data.sessions).toHaveLength(2);
    expect(data.sessions[0]).toMatchObject({ device: "Firefox on Linux", ip: "198.51.100.7", isThis: false });
    expect(data.sessions[1]).toMatchObject({ device: "Unknown browser", isThis: true });
    expect(JSON.stringify(data)).not.toContain("tokenHash");
  });
  it("ends one, and of somebody else's says that it is not there", async () => {
    const { cookie, user } = await signedIn();
    const other = await signInAgain(user);
    const [newest] = await Session.of(user.id);
    const end = (id: unknown, by = cookie) =>
      call(endSession.action, post(`/accounts/sessions/${id}/end`, {}, { Cookie: by }), { id: String(id) });
    const eve = await signedIn({ username: "eve" });
    expect((await end(newest!.id, eve.cookie)).status).toBe(404);
    expect((await end(newest!.id)).status).toBe(303);
    expect([await who(other), await who(cookie)]).toEqual([undefined, "ada"]);
    for (const id of [newest!.id, "abc", "0", "99999999999999999999"])
      expect((await end(id)).status).toBe(404);
  });
  it("ends all others", async () => {
    const { cookie, user } = await signedIn();
    const other = await signInAgain(user);
    const eve = await signedIn({ username: "eve" });
    const sent = post("/accounts/sessions/end_others", {}, { Cookie: cookie });
    expect((await call(endOthers.action, sent)).status).toBe(303);
    expect([await who(cookie), await who(other), await who(eve.cookie)]).toEqual(["ada", undefined, "eve"]);
  });
});

describe("every page and form of one's own account", () => {
  it.each([
    ["account", account.loader, get("/accounts")],
    ["password change", passwordChange.loader, get("/accounts/password_change")],
    ["sessions", sessions.loader, get("/accounts/sessions")],
    ["saving", account.action, post("/accounts", { email: "a@example.com" })],
    ["changing the password", passwordChange.action, post("/accounts/password_change")],
    ["ending a session", endSession.action, post("/accounts/sessions/1/end")],
    ["ending the others", endOthers.action, post("/accounts/sessions/end_others")],
  ])("asks for a login: %s", async (_, handler, request) => {
    const { headers } = await call(handler, request, { id: "1" });
    expect(headers.get("Location")).toMatch(/^\/accounts\/login\?next=/);
  });
});
