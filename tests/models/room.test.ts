import { beforeEach, describe, expect, it } from "vitest";
import { Room, RoomMember, roomSlug } from "#models/room.server";
import { User } from "#models/user.server";

let ada: User;
let open: Room;
let closed: Room;
beforeEach(async () => {
  ada = await User.add({ username: "ada" });
  closed = await Room.create({ slug: "closed", name: "Closed", membersOnly: true });
  open = await Room.create({ slug: "open", name: "Open", topic: "For all" });
});

const names = async (viewer: { id: number } | null) => (await Room.list(viewer)).map(({ slug }) => slug);

describe("a room for members only", () => {
  it("is not there for who is no member: neither by name nor in the list nor as the first", async () => {
    for (const viewer of [null, ada, { id: 0 }]) {
      expect(await Room.find("closed", viewer)).toBeNull();
      expect(await names(viewer)).toEqual(["open"]);
      expect(await Room.first(viewer)).toMatchObject({ slug: "open" });
    }
  });
  it("is there for its members", async () => {
    await RoomMember.create({ roomId: closed.id, userId: ada.id });
    expect(await Room.find("closed", ada)).toMatchObject({ name: "Closed", membersOnly: true, lastSeq: 0 });
    expect(await names(ada)).toEqual(["closed", "open"]);
    expect(await Room.first(ada)).toMatchObject({ slug: "closed" });
    expect(await Room.find("closed", null)).toBeNull();
  });
});

describe("what a room is called in the address", () => {
  it.each(["", " ", "A", "a b", "a--b", "-a", "a-", "a/b", "ä", "a\u0000", "x".repeat(51)])(
    "cannot be %j, and no room is found by it",
    async (slug) => {
      expect(roomSlug.safeParse(slug).success).toBe(false);
      expect(await Room.find(slug, null)).toBeNull();
    },
  );
  it("is there once", async () => {
    await expect(Room.create({ slug: "open", name: "Another" })).rejects.toThrow();
  });
});

describe("how far a person has read", () => {
  const mark = (...seqs: number[]) =>
    Room.markRead(seqs.map((seq) => ({ roomId: open.id, userId: ada.id, seq })));
  it("only ever grows, whatever comes in which order", async () => {
    expect(await Room.readTo(open.id, ada.id)).toBeNull();
    await mark(3, 7, 5);
    await mark(4);
    expect(await Room.readTo(open.id, ada.id)).toBe(7);
  });
  it("is what is left unread in the list of rooms; who was never there has no such number", async () => {
    await open.update({ lastSeq: 10 });
    const unread = async (viewer: { id: number } | null) => (await Room.list(viewer))[0]!.unread;
    expect([await unread(ada), await unread(null)]).toEqual([null, null]);
    await mark(7);
    expect(await unread(ada)).toBe(3);
    await mark(10);
    expect(await unread(ada)).toBe(0);
  });
});

it("the standing of rooms names who may be in those for members, and leaves out those that are gone", async () => {
  await RoomMember.create({ roomId: closed.id, userId: ada.id });
  await open.update({ lastSeq: 4 });
  const standing = await Room.standing([open.id, closed.id, 999_999]);
  expect([...standing]).toEqual(
    expect.arrayContaining([
      [open.id, { lastSeq: 4, members: null }],
      [closed.id, { lastSeq: 0, members: new Set([ada.id]) }],
    ]),
  );
  expect(standing.size).toBe(2);
});
it("what is said in rooms for members is not counted for everybody", async () => {
  await open.update({ lastSeq: 4 });
  await closed.update({ lastSeq: 100 });
  expect(await Room.totals()).toEqual({ rooms: 1, messages: 4 });
});
