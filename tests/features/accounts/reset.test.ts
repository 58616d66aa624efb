import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Activity } from "#models/activity.server";
import { transaction } from "#models/database.server";
import { Job } from "#models/job.server";
import { Mail } from "#models/mail.server";
import { Session } from "#models/session.server";
import { type NewUser, User } from "#models/user.server";
import mailLinks from "~/features/accounts/mail-reset-links.server";
import { action as ask } from "~/features/accounts/password-reset";
import * as reset from "~/features/accounts/reset";
import { resetToken } from "~/features/accounts/reset-token.server";
import { config } from "~/services/config.server";
import { rememberContext } from "~/services/context.server";
import { call, get, post } from "../../helpers/call";
import { cookieOf, signInAgain } from "../../helpers/people";
import { set } from "../../helpers/settings";

const PASSWORD = "correct horse 9";
const NEW = "battery staple 7";
const SITE = "https://tenfold.example";
let number = 0;
beforeEach(() => {
  number += 1;
});
afterEach(() => vi.useRealTimers());

const ada = (values: Partial<NewUser> = {}) =>
  User.add({ username: "ada", email: "ada@example.com", password: PASSWORD, ...values });
function request(email: string, ip = `203.0.113.${number}`) {
  const asked = post("/accounts/password_reset", { email });
  rememberContext(asked, { ip });
  return call(ask, asked);
}
/** What the job does that a request has asked for. */
const mailTo = (email: string) =>
  mailLinks(
    { email, site: SITE },
    {
      attempt: 1,
      signal: new AbortController().signal,
      finish: (work) => transaction(async (transaction) => void (await work(transaction))),
    },
  );
const look = (token: string) => call(reset.loader, get(`/accounts/reset/${token}`), { token });
const use = (token: string, password1 = NEW, password2 = password1, headers = {}) =>
  call(reset.action, post(`/accounts/reset/${token}`, { password1, password2 }, headers), { token });
const isGood = async (token: string) => (await look(token)).status === 200;

describe("asking for a link", () => {
  it("asks for the same job, and answers in the same words, whoever has the address, or nobody", async () => {
    await ada();
    await ada({ username: "old", email: "old@example.com", isActive: false });
    const emails = ["ada@example.com", "old@example.com", "nobody@example.com"];
    const answers = [];
    for (const email of emails) answers.push(await request(email));
    expect(answers.map(({ status, headers }) => [status, headers.get("Location")])).toEqual(
      Array(3).fill([303, "/accounts/login"]),
    );
    const jobs = await Job.findAll({ order: ["id"] });
    expect(jobs.map(({ name, payload }) => [name, (payload as { email: string }).email])).toEqual(
      emails.map((email) => ["mail-reset-links", email]),
    );
    expect(await Mail.count()).toBe(0);
  });
  it("leads who is signed in to a page that shows them the answer", async () => {
    const cookie = await signInAgain(await ada());
    const asked = post("/accounts/password_reset", { email: "ada@example.com" }, { Cookie: cookie });
    rememberContext(asked, { ip: `203.0.113.${number}` });
    expect((await call(ask, asked)).headers.get("Location")).toBe("/accounts");
  });
  it.each(["", "nonsense", "ada@example.com\r\nBcc: all@example.com"])(
    "with %j is refused",
    async (email) => {
      expect((await request(email)).status).toBe(422);
      expect(await Job.count()).toBe(0);
    },
  );
  it("for one address more than five times an hour has to wait, whoever asks, and whether anybody has it", async () => {
    for (const email of [`many${number}@example.com`, `known${number}@example.com`]) {
      await ada({ username: email.split("@")[0]!, email });
      for (let n = 0; n < 5; n += 1) expect((await request(email, `192.0.2.${n}`)).status).toBe(303);
      const { status, headers } = await request(email.toUpperCase(), "192.0.2.99");
      expect([status, headers.get("Retry-After")]).toEqual([429, "60"]);
    }
  });
  it("more than twenty times an hour has to wait, for whatever addresses", async () => {
    for (let n = 0; n < 20; n += 1) expect((await request(`a${n}@example.com`)).status).toBe(303);
    expect((await request("another@example.com")).status).toBe(429);
  });
});

describe("the mail", () => {
  it("goes to each active person with that address, whatever its case, and says whose password it sets", async () => {
    await ada();
    await ada({ username: "twin", email: "ADA@example.com" });
    await ada({ username: "old", isActive: false });
    await ada({ username: "seeded", password: undefined });
    await ada({ username: "other", email: "other@example.com" });
    await mailTo("Ada@Example.com");
    const mails = await Mail.findAll({ order: ["id"] });
    expect(mails.map(({ recipient, subject }) => [recipient, subject])).toEqual([
      ["ada@example.com", "A new password for ada"],
      ["ADA@example.com", "A new password for twin"],
    ]);
    const links = mails.map(({ text }) => /https:\S+\/reset\/(\S+)/.exec(text)![1]!);
    expect((await look(links[0]!)).data).toEqual({ username: "ada" });
    expect((await look(links[1]!)).data).toEqual({ username: "twin" });
    expect(mails.every(({ fleeting }) => fleeting)).toBe(true);
  });
  it("goes to nobody where nobody has the address", async () => {
    await ada();
    await mailTo("nobody@example.com");
    await mailTo("%");
    expect(await Mail.count()).toBe(0);
  });
});

describe("the link", () => {
  it("sets the password, ends every session, says so in the history without values, and leads to the login", async () => {
    const user = await ada();
    const elsewhere = await signInAgain(user);
    await user.reload();
    const { status, headers } = await use(resetToken(user), NEW, NEW, { Cookie: elsewhere });
    expect([status, headers.get("Location")]).toEqual([303, "/accounts/login"]);
    expect(headers.getSetCookie().some((cookie) => cookie.startsWith("session=;"))).toBe(true);
    expect(await Session.count()).toBe(0);
    expect(await User.authenticate("ada", PASSWORD)).toBeNull();
    expect(await User.authenticate("ada", NEW)).not.toBeNull();
    const [deed] = await Activity.of("user", user.id);
    expect(deed).toMatchObject({
      userName: "ada",
      changes: [{ field: "password", before: null, after: "(changed)" }],
    });
  });
  it("changes nothing when it is opened, however often", async () => {
    const user = await ada();
    const token = resetToken(user);
    for (let n = 0; n < 3; n += 1) expect(await isGood(token)).toBe(true);
    expect(await User.authenticate("ada", PASSWORD)).not.toBeNull();
  });
  it("is good once", async () => {
    const token = resetToken(await ada());
    expect((await use(token)).status).toBe(303);
    expect(await isGood(token)).toBe(false);
    expect((await use(token, "another staple 8")).status).toBe(404);
    expect(await User.authenticate("ada", NEW)).not.toBeNull();
  });
  it("used twenty times at once sets one password", async () => {
    const token = resetToken(await ada());
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => use(token, `${NEW} ${n}`)));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(19);
  });
  it("is good for an hour", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const token = resetToken(await ada());
    vi.setSystemTime(Date.now() + 59 * 60_000);
    expect(await isGood(token)).toBe(true);
    vi.setSystemTime(Date.now() + 2 * 60_000);
    expect(await isGood(token)).toBe(false);
  });
  it("is no good once the person has signed in, changed their address, or is not active any more", async () => {
    const user = await ada();
    const token = resetToken(user);
    await signInAgain(user);
    expect(await isGood(token)).toBe(false);
    const second = resetToken(await user.reload());
    await user.update({ email: "new@example.com" });
    expect(await isGood(second)).toBe(false);
    const third = resetToken(await user.reload());
    await user.update({ isActive: false });
    expect(await isGood(third)).toBe(false);
  });
  it("signed with any of the session secrets is good, with another it is not", async () => {
    const user = await ada();
    const token = resetToken(user);
    const [secret] = config().SESSION_SECRET;
    set({ SESSION_SECRET: ["a-new-secret-that-is-long-enough-0123", secret!] });
    expect(await isGood(token)).toBe(true);
    set({ SESSION_SECRET: ["a-new-secret-that-is-long-enough-0123"] });
    expect(await isGood(token)).toBe(false);
  });
  it("that was tampered with is one kind page, whatever was done to it", async () => {
    const user = await ada();
    const other = await ada({ username: "bob" });
    const [id, at, mac] = resetToken(user).split(".") as [string, string, string];
    const forged = createHmac("sha256", "guess").update("x").digest("base64url");
    const later = (Number.parseInt(at, 36) + 600).toString(36);
    for (const token of [
      "x",
      "",
      "..",
      `${other.id.toString(36)}.${at}.${mac}`,
      `${id}.${later}.${mac}`,
      `${id}.${at}.${forged}`,
      `${id}.${at}.${mac}x`,
      `${id}.${at}.${mac.slice(1)}`,
      `zzzzzz.${at}.${mac}`,
      "9".repeat(5_000),
      `\u0000.${at}.${mac}`,
    ]) {
      expect((await look(token)).status).toBe(404);
      expect((await look(token)).data).toEqual({ username: null });
      expect((await use(token)).status).toBe(404);
    }
    expect(await User.authenticate("ada", PASSWORD)).not.toBeNull();
  });
  it.each([
    ["", "", "password1", "Enter a new password"],
    [NEW, "other staple 7", "password2", "The two new passwords differ"],
    ["short", "short", "password1", "8 characters"],
    ["12345678901", "12345678901", "password1", "only digits"],
    ["password1", "password1", "password1", "most common"],
    ["ada@example.com", "ada@example.com", "password1", "less like your name"],
  ])("refuses the passwords %j and %j, and stays good", async (first, second, field, words) => {
    const token = resetToken(await ada());
    const { status, data } = await use(token, first, second);
    expect([status, data.problem.errors[0].name]).toEqual([422, field]);
    expect(data.problem.errors[0].message).toContain(words);
    expect(data.problem.values).toEqual({});
    expect(await isGood(token)).toBe(true);
  });
  it("tells no page that it leads to where somebody came from, and is kept by no browser", () => {
    const headers = (reset.headers as () => Record<string, string>)();
    expect(headers).toEqual({ "Referrer-Policy": "strict-origin", "Cache-Control": "no-store" });
  });
  it("signs in nobody by itself", async () => {
    const { headers } = await use(resetToken(await ada()));
    expect(
      headers
        .getSetCookie()
        .map(cookieOf)
        .filter((pair) => /^session=./.test(pair)),
    ).toEqual([]);
  });
});
