import { beforeEach, describe, expect, it } from "vitest";
import type { FormView } from "~/features/admin/form.server";
import { signedIn } from "../../helpers/people";
import { adminOf, opened } from "./admin";
import { Kind, Shelf } from "./library";

let kinds: ReturnType<typeof adminOf>;
beforeEach(async () => {
  const { cookie } = await signedIn({ username: "boss", isStaff: true, isSuperuser: true });
  kinds = adminOf(cookie, "library", "kind");
});
const full = async () => ({
  name: "Owl",
  slug: "",
  contact_email: "a@example.com",
  description: "one\r\ntwo",
  level: "-3",
  weight: "1,5",
  is_open: "on",
  size: "very_large",
  made_on: "2026-02-28",
  seen_at: "2026-02-28T09:30",
  facts: '{"a":[1]}',
  shelf_id: String((await Shelf.create({ name: "Left" })).id),
});

describe("the form of an entry that says nothing but its model", () => {
  it("has a label, a control, what is required and how long it may be from each column", async () => {
    await Shelf.create({ name: "Left" });
    const { sections }: FormView = (await kinds.addForm()).data.view;
    const all = sections.flatMap(({ fields }) => fields);
    expect(
      all.map(({ name, label, widget, required, maxLength }) => [name, label, widget, required, maxLength]),
    ).toEqual([
      ["name", "Name", "text", true, 100],
      ["slug", "Slug", "slug", true, 30],
      ["contact_email", "Contact email", "email", false, 50],
      ["description", "Description", "textarea", false, undefined],
      ["level", "Level", "number", false, undefined],
      ["weight", "Weight", "number", false, undefined],
      ["is_open", "Is open", "checkbox", false, undefined],
      ["size", "Size", "select", true, undefined],
      ["made_on", "Made on", "date", false, undefined],
      ["seen_at", "Seen at", "datetime", false, undefined],
      ["facts", "Facts", "json", false, undefined],
      ["shelf_id", "Shelf", "select", false, undefined],
    ]);
    const choices = (name: string) =>
      all.find((field) => field.name === name)!.choices!.map(({ label }) => label);
    expect([choices("size"), choices("shelf_id")]).toEqual([["Small", "Very large"], ["Left"]]);
  });
  it("stores what it takes, and shows it again as it was typed", async () => {
    const sent = await full();
    expect((await kinds.add(sent)).status).toBe(303);
    const row = (await Kind.findOne())!;
    expect(row).toMatchObject({
      slug: "owl",
      description: "one\ntwo",
      level: -3,
      weight: 1.5,
      isOpen: true,
      size: "very_large",
      madeOn: "2026-02-28",
      seenAt: new Date("2026-02-28T09:30Z"),
      facts: { a: [1] },
    });
    const again = await opened(kinds, row.id);
    expect(again).toMatchObject({
      ...sent,
      slug: "owl",
      weight: "1.5",
      description: "one\ntwo",
      facts: '{\n  "a": [\n    1\n  ]\n}',
    });
    expect((await kinds.change(row.id, again)).status).toBe(303);
  });
  it("may be left empty where the columns may, and unticked", async () => {
    const empty = Object.fromEntries(Object.keys(await full()).map((name) => [name, ""]));
    expect((await kinds.add({ ...empty, name: "Owl", size: "small", is_open: [] })).status).toBe(303);
    expect(await Kind.findOne()).toMatchObject({
      ...{ contactEmail: null, description: null, level: null, weight: null },
      ...{ isOpen: false, madeOn: null, seenAt: null, facts: null, shelfId: null },
    });
  });
  it.each([
    ["name", "", "Enter name"],
    ["name", "x".repeat(101), "100 characters or fewer; it has 101"],
    ["name", "a\u0000b", "NUL"],
    ["slug", "Not a slug", "lowercase letters"],
    ["contact_email", "nobody", "email address"],
    ["contact_email", `${"x".repeat(50)}@example.com`, "50 characters"],
    ["description", "a\u0000b", "NUL"],
    ["level", "1.5", "whole number"],
    ["level", "abc", "whole number"],
    ["level", "99999999999", "too large"],
    ["weight", "heavy", "must be a number"],
    ["size", "huge", "from the list"],
    ["size", "", "Enter size"],
    ["made_on", "2026-02-30", "a date like"],
    ["seen_at", "yesterday", "a date and time"],
    ["facts", "{", "must be JSON"],
    ["facts", '"\\u0000"', "must be JSON"],
    ["shelf_id", "abc", "Choose shelf"],
    ["shelf_id", "99999999999", "Choose shelf"],
    ["shelf_id", "4711", "that one is gone"],
  ])("refuses %s %j at the field, keeps what was typed, and stores nothing", async (name, typed, said) => {
    const sent = { ...(await full()), [name]: typed };
    const { status, data } = await kinds.add(sent);
    expect([status, data.problem.errors.map((error: { name: string }) => error.name)]).toEqual([422, [name]]);
    expect(data.problem.errors[0].message).toContain(said);
    expect(data.problem.values).toMatchObject(sent);
    expect(await Kind.count()).toBe(0);
  });
  it("makes a slug from its title where it is left empty, and says whose it is when it is taken", async () => {
    await kinds.add({ ...(await full()), name: "Snowy Owl" });
    const { status, data } = await kinds.add({ ...(await full()), name: "Snowy owl" });
    expect([status, data.problem.errors]).toEqual([
      422,
      [{ name: "slug", message: "Kind with this slug already exists." }],
    ]);
  });
});

describe("the form of a row that is there", () => {
  it.each(["", "Not a slug"])("asks for its slug, and makes none: %j is refused", async (slug) => {
    await kinds.add(await full());
    const { id } = (await Kind.findOne())!;
    const { status, data } = await kinds.change(id, { ...(await opened(kinds, id)), slug });
    expect([status, data.problem.errors[0].name]).toEqual([422, "slug"]);
    expect((await Kind.findOne())!.slug).toBe("owl");
  });
});

describe("a list of an entry that says nothing but its model and its filters", () => {
  it("filters by choice, by yes and no, by date and by reference, together", async () => {
    const { shelf_id, ...one } = await full();
    await kinds.add({ ...one, shelf_id });
    await kinds.add({ ...one, name: "Wren", size: "small", is_open: [], made_on: "", shelf_id: "" });
    const names = async (query: string) =>
      (await kinds.list(query)).data.rows.map(({ name }: { name: string }) => name);
    expect(await names("?size=small")).toEqual(["Wren"]);
    expect(await names("?is_open=yes")).toEqual(["Owl"]);
    expect(await names(`?shelf_id=${shelf_id}`)).toEqual(["Owl"]);
    await Kind.update({ madeOn: new Date().toISOString().slice(0, 10) }, { where: { name: "Wren" } });
    for (const period of ["today", "7-days", "month", "year"]) {
      expect(await names(`?made_on=${period}&size=small`)).toEqual(["Wren"]);
    }
    expect(await names("?made_on=today&is_open=yes")).toEqual([]);
  });
});
