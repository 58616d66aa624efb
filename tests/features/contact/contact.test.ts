import { beforeEach, describe, expect, it, vi } from "vitest";
import { Message } from "#models/contact-message.server";
import { Job } from "#models/job.server";
import { Mail } from "#models/mail.server";
import { User } from "#models/user.server";
import { action, loader } from "~/features/contact/contact";
import { seed } from "~/features/contact/feature.server";
import { rememberContext } from "~/services/context.server";
import { call, get, post } from "../../helpers/call";
import { signedIn } from "../../helpers/people";
import { set } from "../../helpers/settings";
import { adminOf } from "../admin/admin";

const LETTER = { email: "mary@example.com", topic: "Badges", message: "They are blank." };
let lastAddress = 0;
beforeEach(() => {
  lastAddress += 1;
});

function send(fields: Record<string, string> = {}, ip = `198.51.100.${lastAddress}`) {
  const request = post("/contact", { ...LETTER, homepage: "", ...fields });
  rememberContext(request, { ip });
  return call(action, request);
}
const only = async () => (await Message.findAll())[0]!;
const boss = () => User.add({ username: "boss", email: "boss@example.com", isSuperuser: true });

describe("a full form", () => {
  it("keeps the message, leads back to the page, and leaves a message with the reference", async () => {
    const { status, headers } = await send();
    expect([status, headers.get("Location")]).toEqual([303, "/contact"]);
    const { reference } = await only();
    const cookie = headers.getSetCookie().join();
    expect(Buffer.from(decodeURIComponent(cookie.split("=")[1]!), "base64").toString()).toContain(
      `Message sent. Your reference is ${reference}.`,
    );
  });
  it("tells superusers who have an address, each once, in a mail that is answered to the sender", async () => {
    await boss();
    await User.add({ username: "second", email: "boss@example.com", isSuperuser: true });
    await User.add({ username: "third", isSuperuser: true });
    await User.add({ username: "gone", email: "gone@example.com", isSuperuser: true, isActive: false });
    await User.add({ username: "user", email: "user@example.com" });
    await send();
    const { id, reference } = await only();
    const mails = await Mail.findAll();
    expect(mails).toMatchObject([
      { recipient: "boss@example.com", replyTo: LETTER.email, subject: `[${reference}] Badges` },
    ]);
    expect(mails[0]!.text).toContain("They are blank.");
    expect(mails[0]!.text).toContain(`http://tenfold.test/admin/contact/message/${id}/change`);
    expect(await Job.count()).toBe(1);
  });
  it("is not kept where the mail that tells of it cannot be written down: they commit together", async () => {
    await boss();
    const broken = vi.spyOn(Job, "add").mockRejectedValue(new Error("no queue"));
    await expect(send()).rejects.toThrow("no queue");
    expect([await Message.count(), await Mail.count(), await Job.count()]).toEqual([0, 0, 0]);
    broken.mockRestore();
    expect((await send()).status).toBe(303);
    expect([await Message.count(), await Mail.count(), await Job.count()]).toEqual([1, 1, 1]);
  });
  it("tells whom CONTACT_TO names instead", async () => {
    set({ CONTACT_TO: ["desk@example.com", "night@example.com"] });
    await boss();
    await send();
    expect((await Mail.findAll()).map(({ recipient }) => recipient).toSorted()).toEqual([
      "desk@example.com",
      "night@example.com",
    ]);
  });
  it("that is sent twenty times at once is one message and one mail, with one reference for all", async () => {
    await boss();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send()));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(303));
    expect([await Message.count(), await Mail.count(), await Job.count()]).toEqual([1, 1, 1]);
    expect((await only()).spam).toBe(false);
  });
});

describe("a form with faults", () => {
  it("says what each field lacks, and loses nothing that was typed", async () => {
    const { status, data } = await send({ email: "", topic: " ", message: "Kept\nas it is" });
    expect(status).toBe(422);
    expect(data.problem.errors).toEqual([
      { name: "email", message: "Enter your email address" },
      { name: "topic", message: "Enter a topic" },
    ]);
    expect(data.problem.values).toMatchObject({ topic: " ", message: "Kept\nas it is" });
    expect(await Message.count()).toBe(0);
  });
  it.each([
    ["email", "mary@example.com\r\nBcc: all@example.com"],
    ["email", "mary@example.com\nBcc: all@example.com"],
    ["topic", "Badges\r\nBcc: all@example.com"],
    ["topic", "Badges\rX: y"],
  ])(
    "that would add a header by its %s (%j) is refused, and nothing is kept or sent",
    async (name, value) => {
      await boss();
      const { status, data } = await send({ [name]: value });
      expect([status, data.problem.errors[0].name]).toEqual([422, name]);
      expect([await Message.count(), await Mail.count()]).toEqual([0, 0]);
    },
  );
  it("that lacks its fields altogether is refused field by field", async () => {
    const { data } = await call(action, post("/contact"));
    expect(data.problem.errors.map(({ name }: { name: string }) => name)).toEqual([
      "email",
      "topic",
      "message",
    ]);
  });
});

describe("spam", () => {
  beforeEach(boss);
  it("that fills in what people do not see is kept with the reason, told to nobody, and answered as a person is", async () => {
    const person = await send({ topic: "Another" });
    const robot = await send({ homepage: "https://spam.example" });
    expect([robot.status, robot.headers.get("Location")]).toEqual([
      person.status,
      person.headers.get("Location"),
    ]);
    const shape = ({ headers }: typeof robot) =>
      headers
        .getSetCookie()[0]!
        .replace(/=[^;]*/, "")
        .split(";").length;
    expect(shape(robot)).toBe(shape(person));
    const caught = await Message.findOne({ where: { spam: true } });
    expect(caught).toMatchObject({ ...LETTER, spamReason: "A field was filled in that people do not see" });
    expect(await Mail.count()).toBe(1);
  });
  it("is what one address sends beyond five messages in an hour", async () => {
    const answers = [];
    for (let n = 0; n < 7; n += 1)
      answers.push(await send({ topic: `Topic ${n}`, email: `mary${n}@example.com` }));
    // Nobody is told that they were caught.
    expect(answers.map(({ status, headers }) => [status, headers.get("Location")])).toEqual(
      Array(7).fill([303, "/contact"]),
    );
    const rows = await Message.findAll({ order: ["id"] });
    expect(rows.map(({ spam }) => spam)).toEqual([false, false, false, false, false, true, true]);
    expect(rows.at(-1)!.spamReason).toBe("More than 5 messages in an hour from one address");
    expect(await Mail.count()).toBe(5);
    await send({ topic: "From elsewhere" }, "203.0.113.9");
    expect(await Message.count({ where: { spam: false } })).toBe(6);
  });
});

describe("the page", () => {
  const shown = async (cookie = "") => (await call(loader, get("/contact", { Cookie: cookie }))).data;
  it("has the address of who is signed in filled in", async () => {
    const { cookie } = await signedIn({ email: "ada@example.com" });
    expect(await shown(cookie)).toMatchObject({ email: "ada@example.com" });
    expect(await shown()).toMatchObject({ email: "" });
  });
  it.each([
    ["nobody", null, false],
    ["a person", {}, false],
    ["staff without the permission", { isStaff: true }, false],
    ["a superuser", { isStaff: true, isSuperuser: true }, true],
  ])("leads %s to the messages: %j, %s", async (_, values, mayRead) => {
    const cookie = values ? (await signedIn(values)).cookie : "";
    expect(await shown(cookie)).toMatchObject({ mayRead });
  });
});

describe("the inbox", () => {
  const staff = async () => {
    const { cookie } = await signedIn({ username: "staff", isStaff: true, isSuperuser: true });
    return adminOf(cookie, "contact", "message");
  };
  const references = ({ data }: { data: { rows: { cells: string[] }[] } }) =>
    data.rows.map(({ cells }) => cells[0]);

  it("lists messages, newest first, and filters the unread and the suspected", async () => {
    await seed.run(30);
    const inbox = await staff();
    expect((await inbox.list()).data.rows).toHaveLength(30);
    expect((await inbox.list("?unread=yes")).data.rows).toHaveLength(5);
    expect((await inbox.list("?spam=yes")).data.rows).toHaveLength(3);
  });
  it("finds a message by its reference", async () => {
    await seed.run(30);
    const { reference } = (await Message.findOne({ order: ["id"] }))!;
    expect(references((await (await staff()).list(`?q=${reference}`)) as never)).toEqual([reference]);
  });
  it("shows a message without changing it, and offers to answer by mail under its reference", async () => {
    await send({ email: "o'brien+x@example.com", topic: "Is 5 > 4 & 3?" });
    const { id, reference } = await only();
    const { data } = await (await staff()).form(id);
    expect((await only()).unread).toBe(true);
    expect(data.view).toBeNull();
    const [reply, read, spam] = data.links;
    const url = new URL(reply.to);
    expect([url.protocol, decodeURIComponent(url.pathname)]).toEqual(["mailto:", "o'brien+x@example.com"]);
    expect(url.searchParams.get("subject")).toBe(`Re: Is 5 > 4 & 3? [${reference}]`);
    expect([read.label, spam.label]).toEqual(["Mark as read", "Spam"]);
  });
  it("marks messages as read, unread, spam and no spam, and keeps that on record", async () => {
    await send();
    const { id } = await only();
    const inbox = await staff();
    const mark = async (action: string) => {
      await inbox.bulk({ action, ids: String(id), confirm: "1" });
      const { unread, spam } = await only();
      return { unread, spam };
    };
    expect(await mark("read")).toEqual({ unread: false, spam: false });
    expect(await mark("unread")).toEqual({ unread: true, spam: false });
    expect(await mark("spam")).toEqual({ unread: true, spam: true });
    expect(await mark("no-spam")).toEqual({ unread: true, spam: false });
    expect((await inbox.history(id)).data.deeds).toHaveLength(4);
  });
  it("offers who may only look no marks, and takes none from them", async () => {
    await send();
    const { id } = await only();
    const { user, cookie } = await signedIn({ username: "reader", isStaff: true });
    await user.setPermissions(["view_message"]);
    const inbox = adminOf(cookie, "contact", "message");
    expect((await inbox.form(id)).data.links.map(({ label }: { label: string }) => label)).toEqual(["Reply"]);
    await inbox.bulk({ action: "read", ids: String(id), confirm: "1" });
    expect((await only()).unread).toBe(true);
  });
  it("cannot be written to by hand", async () => {
    await send();
    const inbox = await staff();
    const { id } = await only();
    expect((await inbox.change(id, { topic: "Other" })).status).toBe(404);
    expect((await inbox.add({ topic: "Other" })).status).toBe(404);
  });
  it("goes out as CSV without what is internal", async () => {
    await send({ topic: "=1+1" });
    const csv = await (await staff()).csv();
    expect(csv).toContain((await only()).reference);
    expect(csv).not.toContain((await only()).fingerprint);
  });
});

describe("the seed", () => {
  it("is deterministic, and adds nothing the second time", async () => {
    await seed.run(30);
    const texts = async () =>
      (await Message.findAll({ order: ["id"] })).map(({ topic, message }) => topic + message);
    const first = await texts();
    expect(first).toHaveLength(30);
    await seed.run(30);
    expect(await texts()).toEqual(first);
    await Message.destroy({ where: {} });
    await seed.run(30);
    expect(await texts()).toEqual(first);
  });
});
