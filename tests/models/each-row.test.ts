import { expect, it } from "vitest";
import { eachRow } from "#models/each-row.server";
import { Group } from "#models/group.server";

const namesOf = async (options: Parameters<typeof eachRow<Group>>[1], atOnce: number) => {
  const names: string[] = [];
  for await (const { name } of eachRow(Group, options, atOnce)) names.push(name);
  return names;
};

it("each row comes once and in the order of ids, however many are read at a time", async () => {
  expect(await namesOf({}, 2)).toEqual([]);
  for (const name of ["a", "b", "c", "d"]) await Group.named(name);
  for (const atOnce of [1, 2, 3, 4, 5]) expect(await namesOf({}, atOnce)).toEqual(["a", "b", "c", "d"]);
});
it("only rows come that fit the condition, with the columns that are asked for", async () => {
  for (const name of ["a", "b", "c"]) await Group.named(name);
  const options = { attributes: ["id", "name"], where: { name: ["a", "c"] }, raw: true };
  expect(await namesOf(options, 1)).toEqual(["a", "c"]);
});
it("what is added while rows are read comes as well", async () => {
  await Group.named("a");
  const names: string[] = [];
  for await (const { name } of eachRow(Group, {}, 1)) {
    names.push(name);
    if (name === "a") await Group.named("b");
  }
  expect(names).toEqual(["a", "b"]);
});
