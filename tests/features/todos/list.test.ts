import { describe, expect, it } from "vitest";
import { Todo } from "#models/todo.server";
import { action, loader } from "~/features/todos/list";
import { call, get, post } from "../../helpers/call";

const titles = (rows: { title: string }[]) => rows.map(({ title }) => title);
const list = async (query = "") => (await call(loader, get(`/todos${query}`))).data;
const add = (title: string, query = "") => call(action, post(`/todos${query}`, { title }));

describe("GET /todos", () => {
  it("of nothing is an empty list", async () => {
    expect(await list()).toMatchObject({
      todos: [],
      counts: { active: 0, completed: 0 },
      page: { pages: 1 },
    });
  });
  it("returns plain objects with the columns that the page shows, and no others", async () => {
    await Todo.add(["x"], null);
    const [row] = (await list()).todos;
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    expect(Object.keys(row)).toEqual(["id", "title", "done", "createdAt"]);
    expect(row.done).toBe(false);
    expect(row.createdAt).toBeInstanceOf(Date);
  });
  it("filters by ?show= and takes an unknown one for all", async () => {
    await Todo.add(["a", "b"], null);
    const { todos } = await list();
    await Todo.toggle(todos[0].id, null);
    expect(titles((await list("?show=active")).todos)).toEqual(["b"]);
    expect(titles((await list("?show=completed")).todos)).toEqual(["a"]);
    expect((await list("?show=nonsense")).show).toBe("all");
  });
  it("shows pages of 50 and clamps ?page=", async () => {
    await Todo.add([...Array.from({ length: 120 }, (_, n) => `t${n}`)], null);
    expect((await list()).todos).toHaveLength(50);
    expect(titles((await list("?page=3")).todos)).toEqual(
      Array.from({ length: 20 }, (_, n) => `t${100 + n}`),
    );
    expect((await list("?page=0")).page.number).toBe(1);
    expect((await list("?page=999")).page.number).toBe(3);
    expect((await list("?page=x")).page.number).toBe(1);
  });
  it("pages through the filtered list, not the whole", async () => {
    await Todo.add([...Array.from({ length: 60 }, (_, n) => `t${n}`)], null);
    expect((await list("?show=completed&page=2")).page).toMatchObject({ number: 1, pages: 1, total: 0 });
  });
});

describe("POST /todos", () => {
  it("stores the title and redirects with 303", async () => {
    const { status, headers } = await add("  Buy milk ");
    expect([status, headers.get("Location")]).toEqual([303, "/todos"]);
    expect(titles((await list()).todos)).toEqual(["Buy milk"]);
  });
  it("returns to the filter and the page", async () => {
    const { headers } = await add("x", "?show=active&page=2&evil=1");
    expect(headers.get("Location")).toBe("/todos?show=active&page=2");
  });
  it("adds a pasted list in order and says how many", async () => {
    const { headers } = await add("one\r\ntwo\r\n\r\nthree");
    expect(headers.get("Set-Cookie")).toMatch(/^flash-/);
    expect(titles((await list()).todos)).toEqual(["one", "two", "three"]);
  });
  it.each([
    ["nothing", "", "Enter what needs doing"],
    ["only spaces", "   ", "Enter what needs doing"],
    ["201 characters", "x".repeat(201), "Title must be 200 characters or fewer; it has 201"],
    ["a NUL", "a\u0000b", "Title must not contain the character NUL"],
    [
      "a list with one line too long",
      `ok\n${"x".repeat(201)}`,
      "Line 2: Title must be 200 characters or fewer; it has 201",
    ],
  ])("refuses %s with 422, the reason and what was typed, and stores nothing", async (_, title, message) => {
    const { status, data } = await add(title);
    expect(status).toBe(422);
    expect(data.problem).toEqual({ values: { title }, errors: [{ name: "title", message }] });
    expect(await Todo.count()).toBe(0);
  });
  it("without the field is refused alike", async () => {
    const { status, data } = await call(action, post("/todos", { other: "x" }));
    expect([status, data.problem.errors[0].message]).toEqual([422, "Enter what needs doing"]);
  });
});
