import { afterEach, describe, expect, it, vi } from "vitest";
import { ZodError } from "zod";
import { Message } from "#models/contact-message.server";
import { transaction } from "#models/database.server";

const LETTER = { email: "mary@example.com", topic: "Badges", message: "They are blank.\nSince Monday." };

const send = (values: Partial<typeof LETTER> = {}, { trap = false, reason = null as string | null } = {}) =>
  transaction((transaction) =>
    Message.receive({ ...LETTER, ...values }, { trap, suspicion: async () => reason }, transaction),
  );

afterEach(() => vi.useRealTimers());

describe("a contact message", () => {
  it("is kept as it was written, unread and no spam, with a reference made from its id", async () => {
    const { message, isNew } = await send();
    expect(isNew).toBe(true);
    expect(await Message.findByPk(message.id)).toMatchObject({
      ...LETTER,
      reference: `C-${1_000 + message.id}`,
      unread: true,
      spam: false,
      spamReason: "",
    });
  });
  it.each([
    ["email", "", "Enter your email address"],
    ["email", "mary", "in the correct format"],
    ["email", "mary@example.com\r\nBcc: all@example.com", "in the correct format"],
    ["email", "mary@example.com,all@example.com", "in the correct format"],
    ["email", `${"x".repeat(250)}@example.com`, "254 characters"],
    ["topic", " \u200b ", "Enter a topic"],
    ["topic", "Hello\r\nBcc: all@example.com", "one line"],
    ["topic", "x".repeat(101), "100 characters or fewer; it has 101"],
    ["topic", "a\u0000b", "NUL"],
    ["message", "\n\n", "Enter a message"],
    ["message", "🔑".repeat(2_001), "2,000 characters or fewer; it has 2,001"],
    ["message", "a\u0000b", "NUL"],
  ])("with the %s %j is refused", async (name, value, words) => {
    const error = await send({ [name]: value }).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ZodError);
    expect((error as ZodError).message).toContain(words);
    expect(await Message.count()).toBe(0);
  });
  it.each([
    ["topic", "🔑".repeat(100)],
    ["message", "é".repeat(2_000)],
    ["message", "<script>alert(1)</script> & مرحبا"],
  ])("takes the %s %j", async (name, value) => {
    const { message } = await send({ [name]: value });
    expect((await message.reload()).get(name)).toBe(value);
  });
});

describe("the same message from the same address", () => {
  it("within 10 minutes is one message, with the same reference", async () => {
    const first = await send();
    const again = await send({ email: "MARY@example.com" });
    expect(again).toMatchObject({ isNew: false, message: { reference: first.message.reference } });
    expect(await Message.count()).toBe(1);
  });
  it("twenty times at once is one message", async () => {
    const sent = await Promise.all(Array.from({ length: 20 }, () => send()));
    expect(new Set(sent.map(({ message }) => message.reference)).size).toBe(1);
    expect(sent.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await Message.count()).toBe(1);
  });
  it("is not asked about again: the first answer holds", async () => {
    await send();
    expect((await send({}, { reason: "too many" })).message.spam).toBe(false);
  });
  it("after 10 minutes is another message", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    await send();
    vi.setSystemTime(Date.now() + 10 * 60_000 - 1_000);
    await send();
    expect(await Message.count()).toBe(1);
    vi.setSystemTime(Date.now() + 2_000);
    expect((await send()).isNew).toBe(true);
  });
  it.each([{ email: "bob@example.com" }, { topic: "Badge" }, { message: "Other words." }])(
    "but for %o is another message",
    async (other) => {
      await send();
      expect((await send(other)).isNew).toBe(true);
    },
  );
});

describe("suspected spam", () => {
  it("is kept, with the reason", async () => {
    const { message } = await send({}, { reason: "too many" });
    expect(await Message.findByPk(message.id)).toMatchObject({
      ...LETTER,
      spam: true,
      spamReason: "too many",
    });
  });
  it("from a trap does not swallow the same words of a person", async () => {
    await send({}, { trap: true, reason: "trap" });
    expect(await send()).toMatchObject({ isNew: true, message: { spam: false } });
  });
});
