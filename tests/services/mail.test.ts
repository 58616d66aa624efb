import { createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { ZodError } from "zod";
import { transaction } from "#models/database.server";
import { Job } from "#models/job.server";
import { Mail, TRIES } from "#models/mail.server";
import deliver from "~/services/deliver-mail.server";
import { Hopeless, type Run } from "~/services/jobs.server";
import { deliverMail, sendMail } from "~/services/mail.server";
import { Worker } from "~/services/worker.server";
import { type Mood, startMailServer } from "../helpers/mail-server";
import { set } from "../helpers/settings";

const MAIL = { to: "ada@example.com", subject: "Grüße 🔑", text: "Hello,\n.\nthis is — all." };

async function mailServer(mood: Mood = "take", query = "") {
  const server = await startMailServer(mood);
  onTestFinished(() => server.stop());
  set({ SMTP_URL: `smtp://127.0.0.1:${server.port}${query}`, MAIL_FROM: "Tenfold <house@example.com>" });
  return server;
}

const send = (mail: Partial<Parameters<typeof sendMail>[0]> = {}, options = {}) =>
  transaction((transaction) => sendMail({ ...MAIL, ...mail }, { transaction, ...options }));
const only = async () => (await Mail.findAll())[0]!;
const run = (values: Partial<Run> = {}): Run => ({
  attempt: 1,
  signal: new AbortController().signal,
  finish: (work) => transaction(async (transaction) => void (await work(transaction))),
  ...values,
});
const tryOnce = async (values?: Partial<Run>) => deliver({ mail: (await only()).id }, run(values));

describe("sending", () => {
  it("writes the mail and its job in the caller's transaction, and sends nothing yet", async () => {
    const server = await mailServer();
    await send();
    expect(await only()).toMatchObject({ recipient: MAIL.to, subject: MAIL.subject, status: "waiting" });
    expect(await Job.findAll()).toMatchObject([{ name: "send-mail", payload: { mail: (await only()).id } }]);
    expect(server.tries()).toBe(0);
  });
  it("leaves neither mail nor job where the transaction is rolled back", async () => {
    const fails = transaction(async (transaction) => {
      await sendMail(MAIL, { transaction });
      throw new Error("no");
    });
    await expect(fails).rejects.toThrow("no");
    expect([await Mail.count(), await Job.count()]).toEqual([0, 0]);
  });
  it.each([
    ["to", "ada@example.com\r\nBcc: all@example.com"],
    ["to", "ada@example.com, bob@example.com"],
    ["to", "Ada <ada@example.com>"],
    ["to", "ada"],
    ["replyTo", "ada@example.com\nSubject: other"],
    ["replyTo", "ada@example.com\r"],
    ["subject", "Hello\r\nBcc: all@example.com"],
    ["subject", "Hello\u2028there"],
    ["subject", " "],
    ["text", ""],
  ])("refuses the %s %j, and leaves nothing", async (name, value) => {
    await expect(send({ [name]: value })).rejects.toThrow(ZodError);
    expect([await Mail.count(), await Job.count()]).toEqual([0, 0]);
  });
});

describe("delivering", () => {
  it("hands over the mail as it was written, and notes that", async () => {
    const server = await mailServer();
    await send({ replyTo: "bob@example.com", html: "<p>Hello</p>" });
    await tryOnce();
    const [{ to, source }] = server.taken as [(typeof server.taken)[number]];
    expect(to).toEqual(["ada@example.com"]);
    const mail = await only();
    expect(source).toContain(`Message-ID: ${mail.messageId}`);
    expect(mail.messageId).toMatch(/^<[\w-]{36}@example\.com>$/);
    expect(source).toMatch(/^From: Tenfold <house@example\.com>\r$/m);
    expect(source).toMatch(/^Reply-To: bob@example\.com\r$/m);
    expect(source).toContain("multipart/alternative");
    expect(mail).toMatchObject({ status: "sent", answer: expect.stringMatching(/^250 /) });
    expect(mail.sentAt).toBeInstanceOf(Date);
  });
  it("of what was sent already does nothing", async () => {
    const server = await mailServer();
    await send();
    await tryOnce();
    await tryOnce();
    expect(server.tries()).toBe(1);
  });
  it("again, where its end could not be recorded, has the same Message-ID", async () => {
    const server = await mailServer();
    await send();
    const lost = tryOnce({ finish: () => Promise.reject(new Error("the process died")) });
    await expect(lost).rejects.toThrow("the process died");
    await tryOnce();
    const ids = server.taken.map(({ source }) => /^Message-ID: .*/m.exec(source)?.[0]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });
  it("without a mail server keeps the mail, and says why", async () => {
    set({ SMTP_URL: undefined });
    await send();
    await tryOnce();
    expect(await only()).toMatchObject({ status: "kept", answer: "kept: no SMTP_URL", text: MAIL.text });
  });
  it("erases the words of what opens a door, and of nothing else", async () => {
    await mailServer();
    await send({ html: "<a>" }, { fleeting: true });
    await tryOnce();
    expect(await only()).toMatchObject({ status: "sent", text: "(Erased when it was sent.)", html: "" });
  });
  it("that is refused for good fails at once, with the server's words", async () => {
    await mailServer({ refuse: 550, words: "No such person" });
    await send();
    await expect(tryOnce()).rejects.toThrow(Hopeless);
    expect(await only()).toMatchObject({ status: "failed", answer: "550 No such person" });
  });
  it("that is refused for now waits for another try", async () => {
    await mailServer({ refuse: 451, words: "Come back later" });
    await send();
    const error = await tryOnce().catch((error: Error) => error);
    expect(error).not.toBeInstanceOf(Hopeless);
    expect(await only()).toMatchObject({ status: "waiting", answer: "451 Come back later" });
  });
  it("that is refused for now at the last try has failed", async () => {
    await mailServer({ refuse: 451, words: "Come back later" });
    await send();
    await expect(tryOnce({ attempt: TRIES })).rejects.toThrow("451 Come back later");
    expect((await only()).status).toBe("failed");
  });
  it("to a server that cannot be reached waits for another try", async () => {
    set({ SMTP_URL: "smtp://127.0.0.1:1" });
    await send();
    await expect(tryOnce()).rejects.toThrow("ECONNREFUSED");
    expect((await only()).status).toBe("waiting");
  });
  it("to a server that refuses our password waits: it is no fault of the mail", async () => {
    const server = await mailServer();
    set({ SMTP_URL: `smtp://user:wrong@127.0.0.1:${server.port}?forceAuth=true` });
    await send();
    await expect(tryOnce()).rejects.not.toBeInstanceOf(Hopeless);
    expect(await only()).toMatchObject({ status: "waiting", answer: expect.stringMatching(/\S/) });
  });
  it("to a server that hangs ends when the job has to, and hangs up", async () => {
    const server = await mailServer("hang");
    await send();
    const stop = new AbortController();
    const ended = tryOnce({ signal: stop.signal });
    await expect.poll(() => server.tries()).toBe(1);
    stop.abort();
    await expect(ended).rejects.toThrow();
    expect((await only()).status).toBe("waiting");
  });

  describe("to a server that accepts and never greets", () => {
    let silent: Server;
    beforeEach(async () => {
      silent = createServer(() => {});
      await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
    });
    afterEach(() => void silent.close());

    it("gives up after the time for a greeting", async () => {
      const { port } = silent.address() as { port: number };
      set({ SMTP_URL: `smtp://127.0.0.1:${port}?greetingTimeout=200` });
      await send();
      await expect(tryOnce()).rejects.toThrow("Greeting never received");
      expect((await only()).status).toBe("waiting");
    });
  });
});

describe("with a worker", () => {
  async function work() {
    const worker = new Worker(() => [deliverMail], { poll: 50 });
    await worker.start();
    onTestFinished(() => worker.stop(0));
  }
  const becomes = (status: string) => expect.poll(async () => (await only()).status).toBe(status);

  it("a mail that is refused for now is sent once, when the server takes it", async () => {
    const server = await mailServer({ refuse: 450, words: "Busy" });
    await send();
    await work();
    await expect.poll(() => server.tries()).toBe(1);
    server.set("take");
    await becomes("sent");
    expect([server.tries(), server.taken.length]).toEqual([2, 1]);
    expect((await Job.findAll())[0]!.errors).toMatchObject([{ attempt: 1, message: "450 Busy" }]);
  });
  it("a mail is sent once, when the server is there again", async () => {
    const server = await startMailServer();
    await server.stop();
    set({ SMTP_URL: `smtp://127.0.0.1:${server.port}` });
    await send();
    await work();
    await expect.poll(async () => (await only()).answer).toContain("ECONNREFUSED");
    const back = await startMailServer("take", server.port);
    onTestFinished(() => back.stop());
    await becomes("sent");
    expect(back.taken).toHaveLength(1);
  });
  it("one that is refused for good is tried once", async () => {
    const server = await mailServer({ refuse: 553, words: "Never" });
    await send();
    await work();
    await expect.poll(async () => (await Job.findAll())[0]!.status).toBe("failed");
    expect((await Job.findAll())[0]!.errors).toMatchObject([{ attempt: 1, message: "553 Never" }]);
    expect(server.tries()).toBe(1);
  });
});

describe("a mail that nothing is to send any more", () => {
  const sweep = async () => (await import("~/features/mail/sweep-mail.server")).default();
  it("has failed: its worker died at the last try", async () => {
    await send();
    await Job.update({ attempts: TRIES, status: "running", worker: "dead" }, { where: {} });
    await sweep();
    expect((await only()).status).toBe("waiting");
    const worker = new Worker(() => [deliverMail], { poll: 50, lease: 300 });
    await worker.start();
    onTestFinished(() => worker.stop(0));
    await expect.poll(async () => (await Job.findAll())[0]!.status).toBe("failed");
    await sweep();
    expect(await only()).toMatchObject({
      status: "failed",
      answer: "Nothing is trying to send it any more.",
    });
  });
  it.each(["discarded", "failed"] as const)(
    "has failed where its job is %s, with what the server said last",
    async (status) => {
      await send();
      await Mail.update({ answer: "451 Come back later" }, { where: {} });
      await Job.update({ status }, { where: {} });
      await sweep();
      expect(await only()).toMatchObject({ status: "failed", answer: "451 Come back later" });
    },
  );
  it("has failed where its job was deleted", async () => {
    await send();
    await Job.destroy({ where: {} });
    await sweep();
    expect((await only()).status).toBe("failed");
  });
  it("is sent after all where its job is queued again", async () => {
    const server = await mailServer();
    await send();
    await Job.update({ status: "failed" }, { where: {} });
    await sweep();
    await (await Job.findOne({ rejectOnEmpty: true })).retry().save();
    const worker = new Worker(() => [deliverMail], { poll: 50 });
    await worker.start();
    onTestFinished(() => worker.stop(0));
    await expect.poll(async () => (await only()).status).toBe("sent");
    expect(server.taken).toHaveLength(1);
  });
  it.each(["queued", "running"] as const)("is none whose job is %s", async (status) => {
    await send();
    await Job.update({ status }, { where: {} });
    await sweep();
    expect((await only()).status).toBe("waiting");
  });
});

it("the sweep deletes what was sent or kept more than 30 days ago, and nothing that waits or failed", async () => {
  for (const status of ["waiting", "sent", "failed", "kept"] as const) {
    for (const days of [29, 31]) {
      const createdAt = new Date(Date.now() - days * 24 * 60 * 60 * 1000);
      await Mail.create({
        recipient: "a@b.example",
        subject: "x",
        text: "x",
        messageId: "x",
        status,
        createdAt,
      });
    }
  }
  expect(await Mail.sweep(30)).toBe(2);
  expect(
    (await Mail.findAll()).filter(({ status }) => status === "waiting" || status === "failed"),
  ).toHaveLength(4);
});
