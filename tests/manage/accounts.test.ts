import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import { Session } from "#models/session.server";
import { User } from "#models/user.server";
import { BUILT, LONG, manage } from "./processes";

const PASSWORD = "correct horse 9";
/** What Ctrl-C sends. */
const INTERRUPT = "\u0003";
const env = (values: Record<string, string> = {}) => ({ DATABASE_URL: process.env.DATABASE_URL, ...values });
const bySettings = (name: string, password: string, email = "") =>
  manage(["createsuperuser", "--noinput"], {
    env: env({
      TENFOLD_SUPERUSER_USERNAME: name,
      TENFOLD_SUPERUSER_EMAIL: email,
      TENFOLD_SUPERUSER_PASSWORD: password,
    }),
  });

/** Runs a command at a terminal, and types each answer when its question has come and what comes `before` is done. */
async function atTerminal(
  command: string,
  answers: [question: string, answer: string, before?: () => Promise<unknown>][],
) {
  const line = `${process.execPath} ${BUILT} ${command}`;
  const args =
    process.platform === "darwin" ? ["-q", "/dev/null", ...line.split(" ")] : ["-qec", line, "/dev/null"];
  const child = spawn("script", args, {
    env: { PATH: process.env.PATH, TERM: "xterm", ...env() } as unknown as NodeJS.ProcessEnv,
  });
  let shown = "";
  let read = 0;
  const waiting = [...answers];
  child.stdout.on("data", (chunk) => {
    shown += chunk;
    const [next] = waiting;
    if (next && shown.indexOf(next[0], read) >= 0) {
      read = shown.length;
      waiting.shift();
      // A question is drawn a moment before it listens.
      setTimeout(async () => {
        await next[2]?.();
        child.stdin.write(next[1] === INTERRUPT ? INTERRUPT : `${next[1]}\r`);
      }, 300);
    }
  });
  const code = await new Promise((done) => child.on("close", done));
  return { code, shown, left: waiting.length };
}

describe("createsuperuser", { timeout: LONG }, () => {
  test("asks for name, email and twice for a password that is not shown; bad answers are asked again", async () => {
    const { code, shown, left } = await atTerminal("createsuperuser", [
      ["Username", "a b"],
      ["Username may hold", "\u007f\u007f\u007fboss"],
      ["Email", "boss@example.com"],
      ["Password", "12345678"],
      ["only digits", `${"\u007f".repeat(8)}${PASSWORD}`],
      ["Password again", "another one 9"],
      ["differ", PASSWORD],
      ["Password again", PASSWORD],
    ]);
    expect({ code, left }).toEqual({ code: 0, left: 0 });
    expect(shown).toContain("boss is a superuser now.");
    expect(shown).not.toContain(PASSWORD);
    expect(await User.authenticate("boss", PASSWORD)).toMatchObject({
      email: "boss@example.com",
      isStaff: true,
      isSuperuser: true,
    });
  });
  test("broken off says so, changes nothing, and fails", async () => {
    const { code, shown } = await atTerminal("createsuperuser", [["Username", INTERRUPT]]);
    expect([code, await User.count()]).toEqual([1, 0]);
    expect(shown).toContain("Broken off. Nothing was changed.");
  });
  test("with --noinput takes the environment", async () => {
    expect(await bySettings("boss", PASSWORD, "boss@example.com")).toMatchObject({
      code: 0,
      stdout: "boss is a superuser now.\n",
    });
    expect(await User.authenticate("boss", PASSWORD)).toMatchObject({ isSuperuser: true });
  });
  test("with --noinput names every setting that is wrong or missing, and adds nobody", async () => {
    const { code, stderr } = await bySettings("a b", "", "nonsense");
    expect([code, await User.count()]).toEqual([1, 0]);
    for (const name of ["USERNAME: Username may", "EMAIL: Enter", "PASSWORD: Set a password"])
      expect(stderr).toContain(`TENFOLD_SUPERUSER_${name}`);
  });
  test("refuses a name that is taken, and a weak password", async () => {
    await User.add({ username: "boss" });
    expect(await bySettings("BOSS", PASSWORD)).toMatchObject({
      code: 1,
      stderr: "This username is taken; choose another\n",
    });
    expect((await bySettings("ada", "password1")).stderr).toContain("most common");
    expect(await User.count()).toBe(1);
  });
  test("without a terminal says what to do instead", async () => {
    const { code, stderr } = await manage(["createsuperuser"], { input: "" });
    expect(code).toBe(1);
    expect(stderr).toContain("Use --noinput with TENFOLD_SUPERUSER_USERNAME");
  });
});

describe("changepassword", { timeout: LONG }, () => {
  test("sets a new password and ends the person's sessions", async () => {
    const user = await User.add({ username: "ada", password: "battery staple 7" });
    await Session.start(user, { ip: "", userAgent: "" });
    const { code, shown } = await atTerminal("changepassword Ada", [
      ["Password", PASSWORD],
      ["Password again", PASSWORD],
    ]);
    expect(code).toBe(0);
    expect(shown).toContain("ada has a new password; 1 of their sessions ended.");
    expect([await Session.count(), (await User.authenticate("ada", PASSWORD))?.id]).toEqual([0, user.id]);
  });
  test("does nothing over one that was chosen meanwhile, says so, and fails", async () => {
    const user = await User.add({ username: "ada", password: "battery staple 7" });
    const { code, shown } = await atTerminal("changepassword ada", [
      ["Password", PASSWORD],
      ["Password again", PASSWORD, () => Session.changePassword(user, "staple battery 8", user)],
    ]);
    expect([code, shown]).toEqual([1, expect.stringContaining("The password was changed meanwhile.")]);
    expect((await User.authenticate("ada", "staple battery 8"))?.id).toBe(user.id);
  });
  test("of nobody says so", async () => {
    const { code, stderr } = await manage(["changepassword", "nobody"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("There is nobody called nobody")]);
  });
});

describe("users and clearsessions", { timeout: LONG }, () => {
  test("list who has an account, and never a password", async () => {
    await User.add({ username: "boss", isStaff: true, isSuperuser: true, password: PASSWORD });
    await User.add({ username: "ada", email: "ada@example.com", isActive: false });
    const { code, stdout } = await manage(["users"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ada +ada@example.com +user +no +never$/m);
    expect(stdout).toMatch(/^boss +superuser +yes +never$/m);
    expect(stdout).not.toContain("argon2");
  });
  test("delete what has expired", async () => {
    const user = await User.add({ username: "ada" });
    await Session.start(user, { ip: "", userAgent: "" });
    await Session.update({ expiresAt: new Date(0) }, { where: {} });
    await Session.start(user, { ip: "", userAgent: "" });
    expect((await manage(["clearsessions"])).stdout).toBe("Deleted 1 expired sessions.\n");
    expect(await Session.count()).toBe(1);
  });
});
