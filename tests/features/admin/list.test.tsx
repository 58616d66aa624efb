import { createRemixStub } from "@remix-run/testing";
import { render, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import AdminList from "~/features/admin/list";

const data = {
  path: "/admin/a/person",
  label: "People",
  singular: "person",
  plural: "people",
  q: "ada",
  searches: true,
  filters: [
    { name: "is_open", label: "Open", chosen: "yes", choices: [{ value: "yes", label: "Yes" }] },
    { name: "shelf_id", label: "Shelf", chosen: "left", choices: [] },
  ],
  columns: [
    { label: "Name", attribute: "name" },
    { label: "Age", attribute: "age" },
    { label: "Calculated" },
  ],
  sort: [] as string[],
  ignored: [],
  page: { number: 3, pages: 4, total: 151, offset: 100 },
  isMore: false,
  mayAdd: false,
  rows: [{ id: 7, name: "Ada", cells: ["Ada", "36", "x"] }],
  actions: [],
};

async function show(search: string, sort: string[] = []) {
  const Stub = createRemixStub([
    { path: "/list", Component: AdminList, loader: () => ({ ...data, sort }) as never },
  ]);
  render(<Stub initialEntries={[`/list${search}`]} />);
  await screen.findByRole("heading", { name: "People" });
}
const head = (name: string) => screen.getByRole("columnheader", { name });
const leadsTo = (name: string) => screen.getByRole<HTMLAnchorElement>("link", { name }).search;

it("sorts by one column more at each head: up, then down, then not; what else the URL asks for stays, from page 1", async () => {
  await show("?q=ada&o=name&page=3", ["name"]);
  expect([leadsTo("Age"), leadsTo("Name")]).toEqual(["?q=ada&o=age.name", "?q=ada&o=-name"]);
  expect(["Age", "Name"].map((name) => head(name).getAttribute("aria-sort"))).toEqual([null, "ascending"]);
});
it("that is sorted down by a column is not sorted by it next, and is by the others", async () => {
  await show("?o=-name.age", ["-name", "age"]);
  expect([leadsTo("Name"), leadsTo("Age")]).toEqual(["?o=age", "?o=-age.-name"]);
  expect(head("Name").getAttribute("aria-sort")).toBe("descending");
});
it("is not sorted by a column that is calculated", async () => {
  await show("");
  expect(head("Calculated").querySelector("a")).toBeNull();
});
it("is searched and filtered by one form with one button, which keeps the order and leaves the page", async () => {
  await show("?q=ada&is_open=yes&shelf_id=left&o=name.age&page=3", ["name", "age"]);
  const form = screen.getByRole<HTMLFormElement>("search");
  expect([form.method, within(form).getAllByRole("button").length]).toEqual(["get", 1]);
  expect([...new FormData(form)]).toEqual([
    ["q", "ada"],
    ["is_open", "yes"],
    ["shelf_id", "left"],
    ["o", "name.age"],
  ]);
});
it("has the file of what it shows", async () => {
  await show("?q=ada&o=name");
  expect(screen.getByRole<HTMLAnchorElement>("link", { name: "Download CSV" }).href).toContain(
    "/admin/a/person/export.csv?q=ada&o=name",
  );
});
