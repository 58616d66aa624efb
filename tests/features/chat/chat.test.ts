import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { ChatMessage } from "#models/chat-message.server";
import { transaction } from "#models/database.server";
import { Room, RoomMember, type RoomView } from "#models/room.server";
import { action as editAction, loader as editLoader } from "~/features/chat/edit";
import { figure, seed } from "~/features/chat/feature.server";
import { listen } from "~/features/chat/hub.server";
import { loader as indexLoader } from "~/features/chat/index";
import { groupOf, ofAddress, post as say } from "~/features/chat/post.server";
import { action, loader } from "~/features/chat/room";
import { loader as roomsLoader } from "~/features/chat/rooms";
import { socket } from "~/features/chat/socket.server";
import { groupAdd, groupDiscard } from "~/services/channels.server";
import { rememberContext } from "~/services/context.server";
import type { Connection, Handlers } from "~/services/sockets.server";
import { call, get, post } from "../../helpers/call";
import { cookieOf, signedIn } from "../../helpers/people";
import { address } from "../../helpers/socket";
import { adminOf } from "../admin/admin";

let general: Room;
beforeEach(async () => {
  general = await Room.create({ slug: "general", name: "General" });
});

const GUEST = { userId: null, name: "Mary" };
const add = (count: number, roomId = general.id) =>
  transaction((transaction) =>
    ChatMessage.add(
      Array.from({ length: count }, (_, n) => ({ roomId, sender: GUEST, clientId: null, text: `m${n + 1}` })),
      transaction,
    ),
  );
const open = (query = "", headers = {}, room = "general") =>
  call(loader, get(`/chat/${room}${query}`, headers), { room });
/** Sends the form, from an address of its own: each may send so much. */
function send(fields: Record<string, string>, headers = {}, room = "general") {
  const request = post(`/chat/${room}`, fields, headers);
  rememberContext(request, { ip: address() });
  return call(action, request, { room });
}
const texts = async (id = general.id) => (await ChatMessage.after(id, 0, 1_000)).map(({ text }) => text);

describe("the way in", () => {
  it("leads to the first room that one may enter, and says so where there is none", async () => {
    expect((await call(indexLoader, get("/chat"))).headers.get("Location")).toBe("/chat/general");
    await general.update({ membersOnly: true });
    expect((await call(indexLoader, get("/chat"))).data).toBeNull();
  });
  it("lists the rooms that one may enter, with what is unread", async () => {
    const { user, cookie } = await signedIn();
    const closed = await Room.create({ slug: "closed", name: "Closed", membersOnly: true });
    const slugs = async (headers = {}) =>
      (await call(roomsLoader, get("/chat", headers))).data.rooms.map((room: RoomView) => room.slug);
    expect(await slugs({ Cookie: cookie })).toEqual(["general"]);
    await RoomMember.create({ roomId: closed.id, userId: user.id });
    expect(await slugs({ Cookie: cookie })).toEqual(["closed", "general"]);
    expect(await slugs()).toEqual(["general"]);
  });
});

describe("a page of a room", () => {
  it("has the newest 50, and those before them by the number of the first", async () => {
    await add(120);
    const seqs = ({ data }: { data: { said: { seq: number }[] } }) => [
      data.said[0]?.seq,
      data.said.at(-1)?.seq,
    ];
    const newest = await open();
    expect([...seqs(newest), newest.data.isNewest]).toEqual([71, 120, true]);
    const before = await open("?before=71");
    expect([...seqs(before), before.data.isNewest]).toEqual([21, 70, false]);
    expect(seqs(await open("?before=21"))).toEqual([1, 20]);
  });
  it.each(["0", "-1", "x", "1.5", "", "99999999999", "2147483647"])(
    "is the newest for before=%s",
    async (before) => {
      await add(3);
      const { data } = await open(`?before=${before}`);
      expect([data.said.length, data.isNewest]).toEqual([3, true]);
    },
  );
  it.each(["nowhere", "General", "a b", "\u0000", "x".repeat(99)])(
    "that is called %j is not there",
    async (room) => {
      expect((await open("", {}, room)).status).toBe(404);
      expect((await send({ text: "a" }, {}, room)).status).toBe(404);
    },
  );
  it("marks what it shows as read, and an earlier page does not", async () => {
    const { user, cookie } = await signedIn();
    await add(60);
    await open("?before=10", { Cookie: cookie });
    expect(await Room.readTo(general.id, user.id)).toBeNull();
    expect((await open("", { Cookie: cookie })).data.readTo).toBeNull();
    await add(2);
    expect((await open("", { Cookie: cookie })).data.readTo).toBe(60);
    expect((await open("", { Cookie: cookie })).data.readTo).toBe(62);
  });
  it("shows nothing of a message that was deleted", async () => {
    const { user } = await signedIn();
    await add(1);
    await ChatMessage.remove(general.id, 1, user, true);
    expect(JSON.stringify((await open()).data.said)).not.toContain("m1");
  });
});

describe("the form", () => {
  it("says it and leads back to it, under a name that is kept in a cookie", async () => {
    const answer = await send({ text: " Hello ", name: " Mary  Ward " });
    expect([answer.status, answer.headers.get("Location")]).toEqual([303, "/chat/general#m1"]);
    const Cookie = cookieOf(answer.headers.get("Set-Cookie"));
    expect((await open("", { Cookie })).data.me).toEqual({ user: null, name: "Mary  Ward" });
    await send({ text: "and on", name: "Mary  Ward" }, { Cookie });
    expect(await ChatMessage.after(general.id, 0, 9)).toMatchObject([
      { name: "Mary  Ward", text: "Hello", userId: null },
      { name: "Mary  Ward", text: "and on" },
    ]);
  });
  it("that names nobody is anonymous, and keeps no name", async () => {
    const answer = await send({ text: "a", name: " " });
    expect(answer.headers.get("Set-Cookie")).toBeNull();
    expect(await ChatMessage.after(general.id, 0, 9)).toMatchObject([{ name: "anonymous" }]);
  });
  it.each(["", "x", "e30=", "bnVsbA==", "%%%", '"'])("takes a cookie of %j for none", async (value) => {
    const { data } = await open("", { Cookie: `chat-name=${value}` });
    expect(data.me.name).toBeNull();
  });
  it("of who is signed in says it under their own name, whatever name it holds", async () => {
    const { user, cookie } = await signedIn({ displayName: "Ada Lovelace" });
    const answer = await send({ text: "a", name: "Somebody else" }, { Cookie: cookie });
    expect(answer.headers.get("Set-Cookie")).toBeNull();
    expect(await ChatMessage.after(general.id, 0, 9)).toMatchObject([
      { userId: user.id, name: "Ada Lovelace" },
    ]);
  });
  it("that is sent twice says it once; changed in between it is another message", async () => {
    const fields = { text: "a", name: "Mary", client_id: "0f8fad5b-d9cb" };
    expect((await send(fields)).headers.get("Location")).toBe((await send(fields)).headers.get("Location"));
    await send({ ...fields, text: "b" });
    expect(await texts()).toEqual(["a", "b"]);
  });
  it.each([
    [{ text: "" }, "Enter a message"],
    [{ text: " \n " }, "Enter a message"],
    [{ text: "a\u0000b" }, "Message must not contain the character NUL"],
    [{ text: "x".repeat(2_001) }, "Message must be 2,000 characters or fewer; it has 2,001"],
    [{}, "Enter a message"],
  ])("is refused in words where it breaks a rule, and what was typed comes back", async (fields, words) => {
    const { status, data } = await send({ ...(fields as Record<string, string>), name: "Mary" });
    expect([status, data.problem.errors]).toEqual([422, [{ name: "text", message: words }]]);
    expect(data.problem.values.name).toBe("Mary");
    expect(await texts()).toEqual([]);
  });
  it("takes a client_id that is none for none", async () => {
    for (const client_id of ["1", "x".repeat(10_000), "a b c d e f"])
      await send({ text: "a", name: "M", client_id });
    expect(await texts()).toEqual(["a", "a", "a"]);
  });
});

describe("changing a message", () => {
  const ask = (handler: typeof editLoader, cookie: string, seq = "1") =>
    call(handler, get(`/chat/general/${seq}/edit`, { Cookie: cookie }), { room: "general", seq });
  const change = (fields: Record<string, string>, cookie: string, seq = "1") =>
    call(editAction, post(`/chat/general/${seq}/edit`, fields, { Cookie: cookie }), { room: "general", seq });

  it("is for who has said it; for others it is not there", async () => {
    const ada = await signedIn();
    const bob = await signedIn({ username: "bob" });
    await send({ text: "a mistkae" }, { Cookie: ada.cookie });
    expect((await ask(editLoader, bob.cookie)).status).toBe(404);
    expect((await change({ text: "not mine" }, bob.cookie)).status).toBe(404);
    expect((await change({ intent: "delete" }, bob.cookie)).status).toBe(404);
    expect((await ask(editLoader, ada.cookie)).data).toMatchObject({ text: "a mistkae", isOwn: true });
    expect((await change({ text: "a mistake" }, ada.cookie)).headers.get("Location")).toBe(
      "/chat/general?before=26#m1",
    );
    expect((await change({ text: " " }, ada.cookie)).status).toBe(422);
    expect(await texts()).toEqual(["a mistake"]);
  });
  it("goes as far as deleting it for who may delete anybody's", async () => {
    const boss = await signedIn({ username: "boss", isStaff: true });
    await add(1);
    expect((await ask(editLoader, boss.cookie)).status).toBe(404);
    await boss.user.setPermissions(["delete_chat_message"]);
    expect((await ask(editLoader, boss.cookie)).data).toMatchObject({ isOwn: false });
    expect((await change({ text: "in their mouth" }, boss.cookie)).status).toBe(404);
    expect((await change({ intent: "delete" }, boss.cookie)).headers.get("Location")).toBe("/chat/general");
    expect(await texts()).toEqual([""]);
  });
  it.each(["0", "x", "99", "2147483648"])("of number %s is not there", async (seq) => {
    const { cookie } = await signedIn({ isSuperuser: true, isStaff: true });
    expect((await ask(editLoader, cookie, seq)).status).toBe(404);
  });
});

describe("the admin of messages", () => {
  it("lists each with its number, and without its words where it was deleted", async () => {
    const { user, cookie } = await signedIn({ isStaff: true, isSuperuser: true });
    await add(2);
    await ChatMessage.remove(general.id, 2, user, true);
    const { columns, rows } = (await adminOf(cookie, "chat", "chat_message").list()).data;
    const at = (label: string) => columns.findIndex((column: { label: string }) => column.label === label);
    const shown = rows.map(({ cells }: { cells: string[] }) =>
      ["Number", "Text", "Deleted at"].map((label) => cells[at(label)]),
    );
    expect(shown).toEqual([
      ["2", "", expect.stringMatching(/^\d{4}-/)],
      ["1", "m1", ""],
    ]);
  });
  it("adds none, changes none and deletes none, whoever asks: each number has to stay", async () => {
    const { cookie } = await signedIn({ isStaff: true, isSuperuser: true });
    await add(1);
    const { id } = (await ChatMessage.findOne())!;
    const messages = adminOf(cookie, "chat", "chat_message");
    const fields = { text: "in their mouth", name: "Mary" };
    expect((await messages.add(fields)).status).toBe(404);
    expect((await messages.change(id, fields)).status).toBe(404);
    const refused = await messages.delete(id);
    expect([refused.status, JSON.stringify(refused.data)]).toEqual([
      422,
      expect.stringContaining("its number has to stay"),
    ]);
    await messages.bulk({ action: "delete", ids: String(id), confirm: "1" });
    expect(await texts()).toEqual(["m1"]);
  });
});

describe("the admin of rooms", () => {
  it("takes those for members who are there, and nothing else that is sent", async () => {
    const { user, cookie } = await signedIn({ isStaff: true, isSuperuser: true });
    const rooms = adminOf(cookie, "chat", "room");
    const members = ["x", "", "NaN", "1e999", "99999999999999999999", "4711", String(user.id)];
    const fields = { slug: "hall", name: "Hall", topic: "", members };
    expect((await rooms.add(fields)).status).toBe(303);
    expect((await RoomMember.findAll()).map(({ userId }) => userId)).toEqual([user.id]);
  });
});

describe("who listens", () => {
  /** A connection that takes in what it is sent, until it is full. */
  function connection() {
    const state = { isFull: false, got: [] as string[], goOn: () => {} };
    const frames = (bytes: Buffer) => String(bytes).match(/"type":"\w+"(,"seq":\d+)?/g) ?? [];
    const made: Connection = {
      user: null,
      network: "",
      isOpen: true,
      get isFull() {
        return state.isFull;
      },
      send: (message) => state.got.push(...frames(Buffer.from(JSON.stringify(message)))),
      write: (bytes) => state.got.push(...frames(bytes)),
      drained: () =>
        state.isFull ? new Promise((resolve) => Object.assign(state, { goOn: resolve })) : Promise.resolve(),
      drop: () => {},
      refuse: () => {},
    };
    return { state, made };
  }
  const messages = (...seqs: number[]) => seqs.map((seq) => `"type":"message","seq":${seq}`);
  const speak = (text: string) => say({ roomId: general.id, sender: GUEST, clientId: null, text });
  const join = async (made: Connection, after: number | null, slug = "general") => {
    const { leave } = listen((await Room.find(slug, null))!, made, after);
    onTestFinished(leave);
  };

  it("and is too slow is sent nothing more, and gets the rest from the database once they have read", async () => {
    const { state, made } = connection();
    await join(made, 0);
    await speak("1");
    state.isFull = true;
    for (const text of ["2", "3", "4"]) await speak(text);
    expect(state.got.filter((frame) => frame.includes("message"))).toEqual(messages(1));
    state.isFull = false;
    state.goOn();
    await expect
      .poll(() => state.got.filter((frame) => frame.includes("message")))
      .toEqual(messages(1, 2, 3, 4));
    await speak("5");
    expect(state.got.filter((frame) => frame.includes("message"))).toEqual(messages(1, 2, 3, 4, 5));
  });
  it("gets the bytes that everybody gets: a message is made into a frame once", async () => {
    const all = Array.from({ length: 3 }, connection);
    const writes = all.map(({ made }) => vi.spyOn(made, "write"));
    for (const { made } of all) await join(made, null);
    await speak("1");
    const frames = writes.flatMap(({ mock }) => mock.calls.map(([frame]) => frame));
    expect(frames).toHaveLength(3);
    expect(new Set(frames).size).toBe(1);
  });
  it("and sends more than 20 at once is refused before anything is taken from what their address may send", async () => {
    const { state, made } = connection();
    const onOpen = await socket.open(get("/ws/chat/general"), { room: "general" });
    const { message, close } = (onOpen as (connection: Connection) => Handlers)(made);
    onTestFinished(close);
    const taken = vi.spyOn(ofAddress, "take");
    for (let n = 0; n < 30; n++) message("{");
    expect(taken).toHaveBeenCalledTimes(20);
    await expect.poll(() => state.got.length).toBe(30);
  });
  it("and was told of nothing gets it a moment later: what was told is only a hint", async () => {
    const { state, made } = connection();
    await join(made, null);
    // As by another process whose hints are all lost.
    await add(3);
    await expect.poll(() => state.got).toEqual(messages(1, 2, 3));
  });
  it("and cannot take what they are told costs the others nothing: what is said is said once", async () => {
    const warning = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const group = groupOf(general.id);
    const fails = () => {
      throw new Error("cannot take it");
    };
    groupAdd(group, fails);
    onTestFinished(() => groupDiscard(group, fails));
    const outcomes = await Promise.all(["1", "2"].map(speak));
    expect(outcomes.map(({ kind }) => kind)).toEqual(["added", "added"]);
    expect(await texts()).toEqual(["1", "2"]);
    expect(warning).toHaveBeenCalledTimes(1);
  });
  it("in a room from the moment on in which others are looked at is not turned away", async () => {
    const { made } = connection();
    const refuse = vi.spyOn(made, "refuse");
    await join(connection().made, null);
    const other = await Room.create({ slug: "other", name: "Other" });
    const standing = Room.standing.bind(Room);
    const looks = vi.spyOn(Room, "standing").mockImplementationOnce(async (ids) => {
      const found = await standing(ids);
      await join(made, null, other.slug);
      return found;
    });
    // The look after that one has found the room.
    await expect.poll(() => looks.mock.calls.some(([ids]) => ids.includes(other.id))).toBe(true);
    expect(refuse).not.toHaveBeenCalled();
  });
  it("and comes in the midst of it gets each once and in order", async () => {
    await add(250);
    const listeners = Array.from({ length: 10 }, connection);
    const speaking = (async () => {
      for (let n = 0; n < 50; n++) await speak(String(n));
    })();
    for (const { made } of listeners) await join(made, 0);
    await speaking;
    const all = messages(...Array.from({ length: 300 }, (_, n) => n + 1));
    for (const { state } of listeners)
      await expect.poll(() => state.got.filter((frame) => frame.includes("message"))).toEqual(all);
  });
});

describe("the demo data", () => {
  it("are there once, however often they are asked for, and more where more is asked for", async () => {
    await signedIn();
    await seed.run(40);
    await seed.run(40);
    expect(await ChatMessage.count()).toBe(40);
    expect(await Room.count()).toBe(4);
    await seed.run(50);
    expect(await ChatMessage.count()).toBe(50);
    expect(await figure()).toMatch(/^\d+ messages in 3 rooms$/);
  });
  it("there is nothing to tell of where nothing was said", async () => expect(await figure()).toBeNull());
});
