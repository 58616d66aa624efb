import { expect, it } from "vitest";
import { Todo } from "#models/todo.server";
import { figure, seed } from "~/features/todos/feature.server";

const titles = async () => (await Todo.list("all", { offset: 0, limit: 1_000 })).map(({ title }) => title);

it("the seed is deterministic, and adds nothing the second time", async () => {
  await seed.run(30);
  const first = await titles();
  expect(first).toHaveLength(30);
  expect(new Set(first).size).toBe(30);
  await seed.run(30);
  expect(await titles()).toEqual(first);
  await Todo.destroy({ where: {}, force: true });
  await seed.run(30);
  expect(await titles()).toEqual(first);
});
it("a larger seed adds what is missing, each title once", async () => {
  await seed.run(10);
  await seed.run(250);
  expect(new Set(await titles()).size).toBe(250);
});
it("the figure counts what is left, and is absent where nothing is", async () => {
  expect(await figure()).toBeNull();
  await Todo.add(["a", "b"], null);
  expect(await figure()).toBe("2 left");
});
