import { beforeEach, describe, expect, it } from "vitest";
import { Activity } from "#models/activity.server";
import { Group } from "#models/group.server";
import { User } from "#models/user.server";
import { signedIn } from "../../helpers/people";
import { adminOf, opened } from "./admin";

let users: ReturnType<typeof adminOf>;
let ada: User;
beforeEach(async () => {
  const { cookie } = await signedIn({ username: "boss", isStaff: true, isSuperuser: true });
  users = adminOf(cookie, "accounts", "user");
  ada = await User.add({ username: "ada" });
});
const groups = (count: number) =>
  Group.bulkCreate(
    Array.from({ length: count }, (_, n) => ({ name: `Team ${n} ${n % 2 ? "North" : "South"}` })),
  );
const listed = async () => (await users.form(ada.id)).data.view.many[0];
const form = async (
  fields: Record<string, string | string[]>,
): Promise<Record<string, string | string[]>> => ({
  ...(await opened(users, ada.id)),
  permissions: [],
  ...fields,
});
const picked = (data: { problem: { values: Record<string, string> } }) =>
  JSON.parse(data.problem.values._picked!).groups;
const labels = (choices: { label: string }[]) => choices.map(({ label }) => label);

describe("up to 50 of them", () => {
  it("are all there to be ticked, without a search", async () => {
    await groups(50);
    expect(await listed()).toMatchObject({ choices: { length: 50 } });
    expect((await listed()).total).toBeUndefined();
    await Group.create({ name: "One too many" });
    expect(await listed()).toMatchObject({ choices: [], total: 51 });
  });
});

describe("more than 50 of them", () => {
  beforeEach(async () => {
    await groups(120);
    await ada.setGroups(["Team 7 North"]);
  });

  it("are shown as those that the row has, and how many there are", async () => {
    const { choices, total } = await listed();
    expect([labels(choices), total]).toEqual([["Team 7 North"], 120]);
  });
  it("are searched by all words, any case; what is typed and ticked is kept, and nothing is saved", async () => {
    const sent = await form({
      email: "not yet",
      groups: ["Team 7 North", "Team 8 South"],
      _words_groups: "NORTH 11",
      _search: "groups",
    });
    const { status, data } = await users.change(ada.id, sent);
    expect([status, data.problem.errors]).toEqual([200, []]);
    expect(data.problem.values).toMatchObject({
      email: "not yet",
      groups: "Team 7 North\nTeam 8 South",
      _version: sent._version,
    });
    const { choices, matches, isCut, words } = picked(data);
    expect([words, matches, isCut]).toEqual(["NORTH 11", 6, false]);
    expect(labels(choices)).toEqual([
      ...["Team 7 North", "Team 8 South"],
      ...["Team 11 North", "Team 111 North", "Team 113 North", "Team 115 North"],
      ...["Team 117 North", "Team 119 North"],
    ]);
    expect((await ada.reload()).email).toBe("");
    expect(await Activity.count()).toBe(0);
  });
  it("are shown 50 at a time, and it is said that there are more", async () => {
    const { data } = await users.change(
      ada.id,
      await form({ groups: [], _words_groups: "team", _search: "groups" }),
    );
    expect(picked(data)).toMatchObject({ choices: { length: 50 }, matches: 120, isCut: true });
  });
  it("of which none fits are none, and a search without words finds none", async () => {
    const search = async (words: string) =>
      picked(
        (await users.change(ada.id, await form({ groups: [], _words_groups: words, _search: "groups" })))
          .data,
      );
    expect(await search("nothing like it")).toMatchObject({ choices: [], matches: 0 });
    expect(await search(" \u0000 ")).toMatchObject({ choices: [], words: "" });
  });
  it("are searched by Enter where words wait in the search, and saved by Enter where none do", async () => {
    const waiting = await form({ groups: ["Team 7 North"], _words_groups: "11", _enter: "1", _save: "1" });
    expect((await users.change(ada.id, waiting)).status).toBe(200);
    const saved = await form({ groups: ["Team 8 South"], _words_groups: "", _enter: "1" });
    expect((await users.change(ada.id, saved)).status).toBe(303);
    expect((await ada.rights()).groups).toEqual(["Team 8 South"]);
  });
  it("that were found are saved with those that were ticked before", async () => {
    const saved = await users.change(
      ada.id,
      await form({ groups: ["Team 7 North", "Team 119 North"], _words_groups: "left over" }),
    );
    expect(saved.status).toBe(303);
    expect((await ada.rights()).groups.toSorted()).toEqual(["Team 119 North", "Team 7 North"]);
  });
  it("that were ticked come back with a form that is refused, and with a conflict", async () => {
    const sent = await form({ groups: ["Team 7 North", "Team 8 South"] });
    const refused = await users.change(ada.id, { ...sent, email: "nonsense" });
    expect([refused.status, labels(picked(refused.data).choices)]).toEqual([
      422,
      ["Team 7 North", "Team 8 South"],
    ]);
    await ada.update({ email: "a@example.com" });
    const conflict = await users.change(ada.id, sent);
    expect([conflict.status, labels(picked(conflict.data).choices)]).toEqual([
      409,
      ["Team 7 North", "Team 8 South"],
    ]);
  });
});
