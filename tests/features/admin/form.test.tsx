import { createRemixStub } from "@remix-run/testing";
import { fireEvent, render, screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Problem } from "~/components/problem";
import AdminAdd from "~/features/admin/add";
import type { FormView } from "~/features/admin/form.server";

const view: FormView = {
  singular: "person",
  back: "/admin/a/person",
  sections: [
    {
      title: "",
      fields: [
        { name: "name", label: "Name", widget: "text", required: true, maxLength: 1_500 },
        { name: "nick", label: "Nick", widget: "text", required: false, maxLength: 20, help: "For friends" },
        { name: "slug", label: "Slug", widget: "slug", required: false, from: "name" },
        { name: "boss", label: "Boss", widget: "checkbox", required: false, help: "May do everything" },
      ],
    },
  ],
  extra: [],
  many: [{ name: "teams", label: "Teams", choices: [{ value: "1", label: "North" }], total: 80 }],
  shown: [],
  values: { name: "", nick: "", teams: "1" },
  version: "",
  key: "1",
};

/** The page, and where there is a problem, the page after a form was sent that has it. */
async function show(problem?: Problem, many = view.many) {
  let opened = 0;
  const Stub = createRemixStub([
    {
      path: "/add",
      Component: AdminAdd,
      loader: () => ({ trail: [], view: { ...view, many, key: String(opened++) } }),
      action: () => ({ problem }),
    },
  ]);
  render(<Stub initialEntries={["/add"]} />);
  await screen.findByRole("heading", { name: "Add person" });
  if (problem) {
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByDisplayValue(problem.values.name!);
  }
}
const ticks = () =>
  within(screen.getByRole("group", { name: "Teams" }))
    .getAllByRole<HTMLInputElement>("checkbox")
    .map((box) => [box.parentElement!.textContent, box.value, box.checked]);

describe("the form of a model", () => {
  it("is where a problem with the form as a whole leads to", async () => {
    await show({ values: { name: "Ada" }, errors: [{ name: "form", message: "Not today" }] });
    const { hash } = screen.getByRole<HTMLAnchorElement>("link", { name: "Not today" });
    expect(document.querySelector(hash)?.tagName).toBe("FORM");
  });
  it("says beside each text how long it may be", async () => {
    await show();
    const described = (name: string) =>
      document.getElementById(screen.getByLabelText(name).getAttribute("aria-describedby")!)!.textContent;
    expect(described("Name")).toBe("Up to 1,500 characters");
    expect(described("Nick")).toBe("For friends. Up to 20 characters");
  });
  it("ties what is wrong to a tick and to a group of ticks, as to every other field", async () => {
    const errors = [
      { name: "boss", message: "Nobody else is" },
      { name: "teams", message: "That team is full" },
    ];
    await show({ values: { name: "Ada" }, errors });
    const notes = (element: HTMLElement) =>
      element
        .getAttribute("aria-describedby")!
        .split(" ")
        .map((id) => document.getElementById(id)!.textContent);
    const boss = screen.getByLabelText("Boss");
    expect([boss.getAttribute("aria-invalid"), notes(boss)]).toEqual([
      "true",
      ["May do everything", "Nobody else is"],
    ]);
    expect(notes(screen.getByRole("group", { name: "Teams" }))).toEqual(["That team is full"]);
  });
  it("fills in a slug while its title is typed, until somebody types into it, and again once it is empty", async () => {
    await show();
    const type = (label: string, value: string) =>
      fireEvent.input(screen.getByLabelText(label), { target: { value } });
    const slug = () => screen.getByLabelText<HTMLInputElement>("Slug").value;
    type("Name", "Über uns");
    expect(slug()).toBe("ueber-uns");
    type("Slug", "mine");
    type("Name", "Other");
    expect(slug()).toBe("mine");
    type("Slug", "");
    type("Name", "Third");
    expect(slug()).toBe("third");
  });
  it("says nothing is wrong where it only comes back from a search", async () => {
    await show({ values: { name: "Ada" }, errors: [] });
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

it("permissions are a table: a row a model, a column an action, and no tick where there is no such permission", async () => {
  const choices = ["view_todo", "add_todo", "view_stock_move"].map((value) => ({ value, label: value }));
  await show(undefined, [{ name: "permissions", label: "Permissions", grid: true, choices }]);
  const table = screen.getByRole("table");
  expect(
    within(table)
      .getAllByRole("columnheader")
      .map((head) => head.textContent),
  ).toEqual(["Model", "view", "add"]);
  const ticks = (row: HTMLElement) =>
    within(row)
      .queryAllByRole<HTMLInputElement>("checkbox")
      .map(({ value }) => value);
  const rows = within(table).getAllByRole("row").slice(1);
  expect(rows.map((row) => [within(row).getByRole("rowheader").textContent, ...ticks(row)])).toEqual([
    ["todo", "view_todo", "add_todo"],
    ["stock move", "view_stock_move"],
  ]);
});

describe("many that are looked up", () => {
  const found = (values: Record<string, string>) => ({ values: { name: "Ada", ...values }, errors: [] });
  it("are those that the row has, ticked, with a search for more", async () => {
    await show();
    expect(ticks()).toEqual([["North", "1", true]]);
    expect(screen.getByRole("status").textContent).toBe("There are 80. Search to choose more.");
    expect(screen.getByRole("searchbox", { name: "Search teams" })).toBeTruthy();
  });
  it("show what was found beside what is ticked; what the row had stays there to be ticked again", async () => {
    const picked = {
      teams: {
        choices: [
          { value: "2", label: "South" },
          { value: "3", label: "West" },
        ],
        words: "st",
        matches: 1,
        isCut: false,
      },
    };
    await show(found({ teams: "2", _picked: JSON.stringify(picked) }));
    expect(ticks()).toEqual([
      ["South", "2", true],
      ["North", "1", false],
      ["West", "3", false],
    ]);
    expect(screen.getByRole("status").textContent).toBe("1 matches “st”.");
  });
  it("lose no tick of which nobody knows the name", async () => {
    await show(found({ teams: "1\n9" }));
    expect(ticks()).toEqual([
      ["North", "1", true],
      ["9", "9", true],
    ]);
  });
  it("do not take Enter from the other fields: the first button of the form saves", async () => {
    await show();
    const [first] = document.querySelectorAll<HTMLButtonElement>("#form button");
    expect([first!.name, first!.tabIndex, first!.getAttribute("aria-hidden")]).toEqual([
      "_enter",
      -1,
      "true",
    ]);
  });
});
