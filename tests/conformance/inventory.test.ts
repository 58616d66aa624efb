/** Assignment 09: the inventory. The items of others may be among them, but in a search for our own. */
import { afterAll, expect, it } from "vitest";
import { superuser, tag, tidy, visitor } from "./site";
import type { Page } from "./visitor";

const ADMIN = "/admin/inventory/item";
const COUNT = 27;
const PER_PAGE = 20;
const admin = superuser();
const somebody = visitor();
afterAll(() => tidy(admin, ADMIN));

const numbers = Array.from({ length: COUNT }, (_, index) => String(index + 1).padStart(3, "0"));
const nameOf = (number: string) => `Nut & Bolt ${number} ${tag}`;
/** Where the items of a page are, by which they differ. */
const addresses = (page: Page) => page.rows().map((row) => row.linkTo().pathname);
const search = async (q: string) => (await somebody.open("/inventory")).press("Search", { q });

it(`1. the superuser adds ${COUNT} items in the admin, one after the other`, async () => {
  let form = await admin.open(`${ADMIN}/add`);
  for (const n of numbers) {
    const item = { name: nameOf(n), sku: `SKU-${tag}-${n}`, quantity: "5" };
    form = await form.press("Save and add another", item);
    expect([form.redirects, form.path]).toEqual([[303], `${ADMIN}/add`]);
  }
});
it("2. the first page has 20 items, and a link to the next", async () => {
  const page = await somebody.open("/inventory");
  expect([page.status, page.rows().length]).toEqual([200, PER_PAGE]);
  expect(page.text).toMatch(/Page 1 of \d+/);
  expect([page.hasLink("Previous"), page.hasLink("Next")]).toEqual([false, true]);
});
it("3. “Next” leads to the second page, with other items", async () => {
  const first = await somebody.open("/inventory");
  const second = await first.follow("Next");
  expect([second.status, second.url.search]).toEqual([200, "?page=2"]);
  expect(second.text).toMatch(/Page 2 of \d+/);
  expect(second.hasLink("Previous")).toBe(true);
  expect(second.rows().length).toBeGreaterThan(0);
  expect(addresses(second).filter((address) => addresses(first).includes(address))).toEqual([]);
});
it.each([
  ["its name", `NUT & bolt ${tag}`, COUNT],
  ["its SKU", `sku-${tag}-00`, 9],
])(
  "4. a part of %s finds an item, in whichever letters, and the result has pages of its own",
  async (_, q, count) => {
    const page = await search(q);
    expect(page.text).toContain(`${count} items found`);
    expect(page.rows()).toHaveLength(Math.min(count, PER_PAGE));
    expect(page.rows(tag)).toHaveLength(page.rows().length);
    expect(page.hasLink("Next")).toBe(count > PER_PAGE);
  },
);
it("5. the links to other pages keep the search, whatever is in it", async () => {
  const q = `NUT & bolt ${tag}`;
  const first = await search(q);
  const second = await first.follow("Next");
  expect(second.url.searchParams.get("q")).toBe(q);
  expect(second.text).toContain("Page 2 of 2");
  expect(second.rows(tag)).toHaveLength(COUNT - PER_PAGE);
  const names = [...first.rows(), ...second.rows()].map((row) => row.find("a").text);
  expect(names.toSorted()).toEqual(numbers.map((n) => nameOf(n)).toSorted());
  const back = await second.follow("Previous");
  expect(back.url.searchParams.get("q")).toBe(q);
  expect(addresses(back)).toEqual(addresses(first));
});
it.each([
  ["0", 1],
  ["-1", 1],
  ["abc", 1],
  ["99999999", 2],
])("5. ?page=%s shows page %i of 2, and is no error", async (asked, shown) => {
  const page = await somebody.open(`/inventory?${new URLSearchParams({ q: tag, page: asked })}`);
  expect([page.status, page.text]).toEqual([200, expect.stringContaining(`Page ${shown} of 2`)]);
});
