import { expect, it } from "vitest";
import { Todo } from "#models/todo.server";
import { loader } from "~/features/home/home";
import { loader as notFound } from "~/features/home/not-found";
import { call, get } from "../../helpers/call";

it("the home page has a live figure of a feature that has data", async () => {
  expect((await call(loader, get("/"))).data.figures.todos).toBeNull();
  await Todo.add(["a"], null);
  expect((await call(loader, get("/"))).data.figures.todos).toBe("1 left");
});
it("an address that no route matches is a 404", async () => {
  expect((await call(notFound, get("/nowhere"))).status).toBe(404);
});
