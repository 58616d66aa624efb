import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { Group } from "#models/group.server";
import { Mail } from "#models/mail.server";
import { Session } from "#models/session.server";
import { User } from "#models/user.server";
import { describeWithRedis } from "../helpers/redis-server";
import {
  LONG,
  PASSWORD,
  post,
  type RawAnswer,
  type RunningServer,
  send,
  sessionCookie,
} from "../helpers/server";
import { personAt, signInAt, startTwoProcesses, type TwoProcesses } from "../helpers/two-processes";

describeWithRedis("two processes behind a proxy", { timeout: LONG }, () => {
  let house: TwoProcesses;
  let one: RunningServer;
  let other: RunningServer;
  beforeAll(async () => {
    house = await startTwoProcesses();
  }, LONG);
  afterAll(() => house.stop());
  beforeEach(() => {
    [one, other] = house.servers;
  });
  const page = async ({ port }: { port: number }, path: string, headers: Record<string, string>) =>
    send(port, { path, headers: { ...headers, "X-Forwarded-Proto": "https" } });
  const isSignedIn = async (at: { port: number }, headers: { Cookie: string }) =>
    (await page(at, "/accounts", headers)).status === 200;
  /** What a proxy in front of one of them tells of the client. */
  const from = (address: string) => ({ "X-Forwarded-For": address, "X-Forwarded-Proto": "https" });

  it("let the first superuser be made on the one by the link that the other has printed", async () => {
    const [path] = await one.said(/\/accounts\/setup\/[\w-]+/);
    const person = { username: "first", email: "", password1: PASSWORD, password2: PASSWORD };
    const made = await post(other, path, person);
    expect([made.status, made.headers.location]).toEqual([303, "/"]);
    expect((await post(one, path, { ...person, username: "second" })).status).toBe(404);
  });
  it("know both who has signed in on one, and neither knows who has signed out on one", async () => {
    const { headers } = await personAt(house, "ada");
    expect([await isSignedIn(one, headers), await isSignedIn(other, headers)]).toEqual([true, true]);
    await post(other, "/accounts/logout", {}, { ...headers, "X-Forwarded-Proto": "https" });
    expect([await isSignedIn(one, headers), await isSignedIn(other, headers)]).toEqual([false, false]);
  });
  it("show a message that the one has left on the other, once", async () => {
    const { headers } = await personAt(house, "ada", { isStaff: true, isSuperuser: true });
    const https = { "X-Forwarded-Proto": "https" };
    const added = await post(one, "/admin/accounts/group/add", { name: "readers" }, { ...headers, ...https });
    const left = [added.headers["set-cookie"]].flat().map((cookie) => cookie!.split(";")[0]);
    const Cookie = [headers.Cookie, ...left].join("; ");
    const first = await page(other, String(added.headers.location), { Cookie });
    expect(first.body).toContain("<p>Added the group “readers”.</p>");
    const cleared = [first.headers["set-cookie"]].flat().map(String);
    expect(cleared.filter((cookie) => /Max-Age=0/.test(cookie))).toHaveLength(left.length);
  });
  it("do each job once, whichever of them was asked for it", async () => {
    const people = Array.from({ length: 10 }, (_, n) => `p${n}`);
    const add = (username: string) =>
      User.add({ username, password: PASSWORD, email: `${username}@example.com` });
    await Promise.all(people.map(add));
    const ask = (at: RunningServer, n: number) =>
      post(at, "/accounts/password_reset", { email: `p${n}@example.com` }, from(`198.51.100.${n}`));
    const answers = await Promise.all(people.map((_, n) => ask(n % 2 ? one : other, n)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    const sent = async () =>
      (await Mail.findAll()).map(({ recipient }) => recipient.split("@")[0]).toSorted();
    await expect.poll(sent).toEqual(people.toSorted());
  });
  it("count tries to sign in together, and make who guesses wait on both", async () => {
    const guess = (at: RunningServer) =>
      post(at, "/accounts/login", { username: "ada", password: "wrong" }, from("198.51.100.77"));
    const statuses = [];
    for (let n = 0; n < 5; n++) statuses.push((await guess(n % 2 ? one : other)).status);
    expect(statuses).toEqual([422, 422, 422, 422, 422]);
    expect([(await guess(one)).status, (await guess(other)).status]).toEqual([429, 429]);
  });
  it("count wishes for a new password together", async () => {
    const wish = (at: RunningServer, n: number) =>
      post(at, "/accounts/password_reset", { email: "x@example.com" }, from(`198.51.100.1${n}`));
    for (let n = 0; n < 5; n++) expect((await wish(n % 2 ? one : other, n)).status).toBe(303);
    expect((await wish(one, 6)).status).toBe(429);
  });
  it("both let somebody in, and out, from the next request on after the one has changed who they are", async () => {
    const { headers: boss } = await personAt(house, "boss", { isStaff: true, isSuperuser: true });
    const { user, headers } = await personAt(house, "ada");
    const statuses = () =>
      Promise.all([one, other].map(async (at) => (await page(at, "/admin", headers)).status));
    const change = async (fields: Record<string, string>) => {
      const path = `/admin/accounts/user/${user.id}/change`;
      const { body } = await page(one, path, boss);
      const _version = body.match(/name="_version" value="([^"]*)"/)![1]!.replaceAll("&quot;", '"');
      const https = { ...boss, "X-Forwarded-Proto": "https" };
      const answer = await post(
        one,
        path,
        { username: "ada", email: "", display_name: "", _version, ...fields },
        https,
      );
      expect(answer.status).toBe(303);
    };
    expect(await statuses()).toEqual([403, 403]);
    await change({ is_active: "on", is_staff: "on" });
    expect(await statuses()).toEqual([200, 200]);
    await change({ is_active: "" });
    expect([await isSignedIn(one, headers), await isSignedIn(other, headers)]).toEqual([false, false]);
  });
  it("know people by the address that the proxy tells, not by its own, nor by what they say of themselves", async () => {
    const { user } = await personAt(house, "ada");
    const answer = await send(house.port, {
      method: "POST",
      path: "/accounts/login",
      localAddress: "127.9.8.7",
      headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": "203.0.113.9" },
      body: new URLSearchParams({ username: "ada", password: PASSWORD }).toString(),
    });
    expect(answer.status).toBe(303);
    const ips = (await Session.of(user.id)).map(({ ip }) => ip);
    expect(ips.toSorted()).toEqual(["127.0.0.1", "127.9.8.7"]);
  });
  it("set cookies for https alone where the proxy is reached by https", async () => {
    await User.add({ username: "ada", password: PASSWORD });
    const signedIn = await post(house, "/accounts/login", { username: "ada", password: PASSWORD });
    expect(sessionCookie(signedIn)).toMatch(/^__Host-session=.*; Secure/);
  });
  it("lose no request, and nothing that they have said is there, while one after the other is restarted", async () => {
    const { headers } = await personAt(house, "boss", { isStaff: true, isSuperuser: true });
    let isOver = false;
    const answered: Record<string, number> = {};
    const added: string[] = [];
    const note = (what: string, { status }: RawAnswer) => {
      answered[`${what} ${status}`] = (answered[`${what} ${status}`] ?? 0) + 1;
    };
    const readers = Array.from({ length: 3 }, async (_, n) => {
      while (!isOver)
        note("read", await send(house.port, { path: ["/", "/admin", "/accounts"][n], headers }));
    });
    const writers = Array.from({ length: 3 }, async (_, w) => {
      for (let n = 0; !isOver; n++) {
        const name = `group ${w} ${n}`;
        const answer = await post(house, "/admin/accounts/group/add", { name }, headers);
        note("written", answer);
        if (answer.status === 303) added.push(name);
      }
    });
    for (const n of [0, 1] as const) expect(await house.restart(n)).toBe(0);
    isOver = true;
    await Promise.all([...readers, ...writers]);
    expect(Object.keys(answered).toSorted()).toEqual(["read 200", "written 303"]);
    expect(added.length).toBeGreaterThan(20);
    expect((await Group.findAll()).map(({ name }) => name).toSorted()).toEqual(added.toSorted());
    expect(await signInAt(house.servers[0], "boss")).toBeTruthy();
  });
});
