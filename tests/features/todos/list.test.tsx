import { createRemixStub } from "@remix-run/testing";
import { cleanup, render, screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import Todos from "~/features/todos/list";

const createdAt = new Date(0);
const TODOS = [
  { id: 7, title: "Order bolts", done: false, createdAt },
  { id: 5, title: "Renew <b>", done: true, createdAt },
];

/** The page as it is for what its loader would answer. */
async function show({ todos = TODOS, show: filter = "all", url = "/todos" } = {}) {
  const completed = todos.filter(({ done }) => done).length;
  const answer = {
    todos,
    show: filter,
    counts: { active: todos.length - completed, completed },
    page: { number: 1, pages: 1, total: todos.length, offset: 0, limit: 50 },
  };
  const Stub = createRemixStub([{ path: "/todos", Component: Todos, loader: () => answer }]);
  render(<Stub initialEntries={[url]} />);
  await screen.findByRole("heading", { name: "To-dos" });
}
const target = (name: string, row: string) =>
  within(screen.getByText(row).closest("li")!).getByRole("button", { name }).getAttribute("formaction");

describe("the list of to-dos", () => {
  it("names each tick by its to-do and says whether it is done", async () => {
    await show();
    expect(screen.getByRole("button", { name: "Order bolts", pressed: false })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Renew <b>", pressed: true })).toBeTruthy();
  });
  it("counts in words that agree in number", async () => {
    await show();
    expect(screen.getByText("1 item left, 1 completed")).toBeTruthy();
    cleanup();
    await show({ todos: [TODOS[0]!, { ...TODOS[0]!, id: 8 }] });
    expect(screen.getByText("2 items left, 0 completed")).toBeTruthy();
  });
  it("lets every button carry the filter and the row to come back to", async () => {
    await show({ url: "/todos?show=all&page=2" });
    expect(target("Order bolts", "Order bolts")).toBe("/todos/7/toggle?show=all&page=2");
    expect(target("Delete", "Order bolts")).toBe("/todos/7/delete?show=all&page=2&at=5");
    expect(target("Delete", "Renew <b>")).toBe("/todos/5/delete?show=all&page=2&at=7");
  });
  it("comes back to the next row where a toggle takes the row out of the filter", async () => {
    await show({
      show: "active",
      todos: TODOS.map((todo) => ({ ...todo, done: false })),
      url: "/todos?show=active",
    });
    expect(target("Order bolts", "Order bolts")).toBe("/todos/7/toggle?show=active&at=5");
  });
  it("offers Complete all while something is left, else Reopen all", async () => {
    await show();
    const complete = screen.getByRole("button", { name: "Complete all" });
    expect(complete).toMatchObject({ name: "done", value: "true" });
    cleanup();
    await show({ todos: [TODOS[1]!] });
    const reopen = screen.getByRole("button", { name: "Reopen all" });
    expect(reopen).toMatchObject({ name: "done", value: "false" });
    cleanup();
    await show({ todos: [] });
    expect(screen.queryByRole("button", { name: /all$/ })).toBeNull();
  });
  it("offers Clear completed only where something is completed", async () => {
    await show();
    expect(screen.getByRole("button", { name: "Clear completed" })).toBeTruthy();
    cleanup();
    await show({ todos: [TODOS[0]!] });
    expect(screen.queryByRole("button", { name: "Clear completed" })).toBeNull();
  });
  it.each([
    ["all", "Nothing to do. Write down the first thing above."],
    ["active", "Nothing left to do."],
    ["completed", "Nothing is completed yet."],
  ])("of nothing under %s says what to do", async (filter, words) => {
    await show({ todos: [], show: filter });
    expect(screen.getByText(words)).toBeTruthy();
  });
});
