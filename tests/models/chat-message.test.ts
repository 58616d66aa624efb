import { UniqueConstraintError } from "sequelize";
import { beforeEach, describe, expect, it } from "vitest";
import { Activity } from "#models/activity.server";
import { ChatMessage, messageText, type NewMessage, nameOf } from "#models/chat-message.server";
import { sequelize, transaction } from "#models/database.server";
import { Room } from "#models/room.server";
import { User } from "#models/user.server";
import { whileDeleted } from "../helpers/deadlock";

const GUEST = { userId: null, name: "Mary" };
let room: Room;
let other: Room;
beforeEach(async () => {
  room = await Room.create({ slug: "general", name: "General" });
  other = await Room.create({ slug: "other", name: "Other" });
});

const message = (text: string, values: Partial<NewMessage> = {}): NewMessage => ({
  roomId: room.id,
  sender: GUEST,
  clientId: null,
  text,
  ...values,
});
const add = (...messages: NewMessage[]) =>
  transaction((transaction) => ChatMessage.add(messages, transaction));
const stored = async (id = room.id) =>
  (await ChatMessage.after(id, 0, 1_000)).map(({ seq, text }) => `${seq} ${text}`);

// SQLite has one writer at a time.
const onPostgres = sequelize.getDialect() === "postgres" ? describe : () => {};

onPostgres("who changes a message while they are being deleted", () => {
  const changes = {
    edits: (by: User) => ChatMessage.edit(room.id, 1, "b", by),
    removes: (by: User) => ChatMessage.remove(room.id, 1, by, false),
  };
  for (const [what, change] of Object.entries(changes))
    it(`and ${what} it is not told of a deadlock`, async () => {
      const mary = await User.add({ username: "mary" });
      await add(message("a", { sender: { userId: mary.id, name: "Mary" } }));
      const said = (await ChatMessage.findOne())!;
      expect(await whileDeleted(mary, said, () => change(mary))).toMatchObject({ seq: 1 });
      expect(await stored()).toEqual([what === "edits" ? "1 b" : "1 "]);
    });
});

describe("messages", () => {
  it("are numbered in their room, 1, 2, 3, in the order in which they are added", async () => {
    await add(message("a"), message("x", { roomId: other.id }), message("b"));
    await add(message("c"));
    expect(await stored()).toEqual(["1 a", "2 b", "3 c"]);
    expect(await stored(other.id)).toEqual(["1 x"]);
    expect((await Room.find("general", null))!.lastSeq).toBe(3);
  });
  it("have numbers without a gap also where many are added at the same time, and some are rolled back", async () => {
    const all = Array.from({ length: 60 }, (_, n) => {
      const adding = transaction(async (transaction) => {
        await ChatMessage.add([message(`m${n}`), message(`n${n}`)], transaction);
        if (n % 5 === 4) throw new Error("rolled back");
      });
      return adding.then(
        () => 2,
        () => 0,
      );
    });
    const count = (await Promise.all(all)).reduce<number>((sum, added) => sum + added, 0);
    expect(count).toBe(96);
    const seqs = (await ChatMessage.after(room.id, 0, 1_000)).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: count }, (_, n) => n + 1));
  });
  it("are seen in the order of their numbers: who sees one sees all before it", async () => {
    let isDone = false;
    const looks: number[][] = [];
    const look = async () => {
      while (!isDone) looks.push((await ChatMessage.after(room.id, 0, 1_000)).map(({ seq }) => seq));
    };
    const looking = look();
    await Promise.all(Array.from({ length: 60 }, (_, n) => add(message(`m${n}`))));
    isDone = true;
    await looking;
    expect(looks.length).toBeGreaterThan(2);
    for (const seqs of looks) expect(seqs).toEqual(seqs.map((_, n) => n + 1));
  });
  it("come in pages from either side", async () => {
    await add(...Array.from({ length: 9 }, (_, n) => message(`m${n + 1}`)));
    const seqs = (found: { seq: number }[]) => found.map(({ seq }) => seq);
    expect(seqs(await ChatMessage.after(room.id, 3, 4))).toEqual([4, 5, 6, 7]);
    expect(seqs(await ChatMessage.before(room.id, 4, 2))).toEqual([2, 3]);
    expect(seqs(await ChatMessage.before(room.id, 2_000_000_000, 2))).toEqual([8, 9]);
  });
  it("of a room that there is not are not added, and take no others along", async () => {
    const [gone, there] = await add(message("a", { roomId: 999_999 }), message("b"));
    expect([gone?.kind, there?.kind]).toEqual(["missing", "added"]);
  });
});

describe("what is sent again", () => {
  const clientId = "0f8fad5b-d9cb";
  it("is the first message, in another transaction and in the same", async () => {
    const [first] = await add(message("a", { clientId }));
    expect(first).toMatchObject({ kind: "added", message: { seq: 1, text: "a", clientId } });
    const again = await add(message("a", { clientId }), message("a", { clientId }), message("b"));
    expect(again.map(({ kind }) => kind)).toEqual(["known", "known", "added"]);
    expect(again[0]).toMatchObject({ message: { seq: 1 } });
    const twice = await add(
      message("c", { clientId: "another-one" }),
      message("c", { clientId: "another-one" }),
    );
    expect(twice.map(({ kind }) => kind)).toEqual(["added", "known"]);
    expect(await stored()).toEqual(["1 a", "2 b", "3 c"]);
  });
  it("is one message, also fifty times at once", async () => {
    const outcomes = (
      await Promise.all(Array.from({ length: 50 }, () => add(message("a", { clientId }))))
    ).flat();
    expect(outcomes.filter(({ kind }) => kind === "added")).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === "known")).toHaveLength(49);
    expect(await stored()).toEqual(["1 a"]);
  });
  it("with another text is told apart", async () => {
    await add(message("a", { clientId }));
    expect(await add(message("b", { clientId }))).toEqual([{ kind: "conflict" }]);
    expect(await stored()).toEqual(["1 a"]);
  });
  it("by another sender, or in another room, is another message", async () => {
    const { id: userId } = await User.add({ username: "ada" });
    await add(
      message("a", { clientId }),
      message("a", { clientId, sender: { userId: null, name: "Bob" } }),
      message("a", { clientId, sender: { userId, name: "Mary" } }),
      message("a", { clientId, roomId: other.id }),
    );
    expect(await stored()).toEqual(["1 a", "2 a", "3 a"]);
    expect(await stored(other.id)).toEqual(["1 a"]);
  });
  it("is refused by the database, too, and so is a number that is taken, whoever writes them", async () => {
    await add(message("a", { clientId }));
    const { id: _, ...row } = (await ChatMessage.findOne({ raw: true }))!;
    for (const values of [{ seq: 2 }, { clientId: "another-one" }])
      await expect(ChatMessage.create({ ...row, ...values })).rejects.toThrow(UniqueConstraintError);
    await ChatMessage.create({ ...row, seq: 2, clientId: "another-one" });
  });
});

describe("a message", () => {
  let ada: User;
  let bob: User;
  beforeEach(async () => {
    [ada, bob] = [await User.add({ username: "ada" }), await User.add({ username: "bob" })];
    await add(message("a mistkae", { sender: { userId: ada.id, name: "ada" }, clientId: "of-a-client" }));
  });
  it("can be changed by who has said it, and by nobody else; that is noted", async () => {
    expect(await ChatMessage.edit(room.id, 1, "not mine", bob)).toBeNull();
    expect(await ChatMessage.edit(room.id, 1, "a mistake", ada)).toMatchObject({
      text: "a mistake",
      isEdited: true,
    });
    const [row] = await ChatMessage.findAll();
    expect(await Activity.of("chat_message", row!.id)).toMatchObject([
      {
        deed: "change",
        userName: "ada",
        changes: [{ field: "text", before: "a mistkae", after: "a mistake" }],
      },
    ]);
    await expect(ChatMessage.edit(room.id, 1, " ", ada)).rejects.toThrow("Enter a message");
  });
  it("can be deleted by who has said it or may delete anybody's; its number stays, its words do not", async () => {
    expect(await ChatMessage.remove(room.id, 1, bob, false)).toBeNull();
    expect(await ChatMessage.remove(room.id, 1, bob, true)).toMatchObject({
      seq: 1,
      text: "",
      isDeleted: true,
    });
    expect(await ChatMessage.find(room.id, 1)).toBeNull();
    expect(await ChatMessage.edit(room.id, 1, "back", ada)).toBeNull();
    expect((await ChatMessage.findOne())!.text).toBe("");
    await add(message("next"));
    expect(await stored()).toEqual(["1 ", "2 next"]);
  });
  it("that is changed or deleted is still the one that is sent again", async () => {
    const again = message("a mistkae", { sender: { userId: ada.id, name: "ada" }, clientId: "of-a-client" });
    await ChatMessage.edit(room.id, 1, "a mistake", ada);
    expect(await add(again)).toMatchObject([{ kind: "known", message: { seq: 1 } }]);
    await ChatMessage.remove(room.id, 1, ada, false);
    expect(await add(again)).toMatchObject([{ kind: "known", message: { seq: 1, text: "" } }]);
  });
  it("stays when the account of who has said it goes", async () => {
    await ada.destroy();
    expect(await ChatMessage.find(room.id, 1)).toMatchObject({ userId: null, name: "ada" });
  });
});

describe("a name", () => {
  it.each([
    ["", "anonymous"],
    [" \t ", "anonymous"],
    ["\u200b", "anonymous"],
    ["  Ada\r\nLovelace ", "Ada Lovelace"],
    ["a\u0000b", "a b"],
    ["\ud800", "\ufffd"],
    ["🔑".repeat(60), "🔑".repeat(50)],
  ])("%j becomes %j", (typed, name) => expect(nameOf(typed)).toBe(name));
});
it.each([
  ["", "Enter a message"],
  ["\u200b\n", "Enter a message"],
  ["a\u0000", "Message must not contain the character NUL"],
  ["x".repeat(2_001), "Message must be 2,000 characters or fewer; it has 2,001"],
])("a text %.9j is refused in words", (text, words) =>
  expect(messageText.safeParse(text).error?.issues[0]?.message).toBe(words),
);
