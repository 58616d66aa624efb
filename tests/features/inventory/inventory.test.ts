import { beforeEach, describe, expect, it } from "vitest";
import { Activity } from "#models/activity.server";
import { Item } from "#models/item.server";
import { StockMove } from "#models/stock-move.server";
import { action as edit, loader as editPage } from "~/features/inventory/edit";
import { loader as exportFile } from "~/features/inventory/export";
import { figure, seed } from "~/features/inventory/feature.server";
import { loader as itemPage, action as move } from "~/features/inventory/item";
import { loader as list } from "~/features/inventory/list";
import { action as add, loader as addPage } from "~/features/inventory/new";
import { call, get, post } from "../../helpers/call";
import { flashOf } from "../../helpers/flash";
import { signedIn } from "../../helpers/people";

const FIELDS = { name: "Bolt", sku: "B-1", location: "Rack A", low_stock: "5", price: "1.25" };
const on = (id: number | string) => ({ id: String(id) });
const item = (
  values: Partial<{ name: string; sku: string; quantity: number; location: string; price: number }> = {},
) =>
  Item.add(
    { name: "Bolt", sku: "B-1", location: "", lowStock: 5, price: null, quantity: 10, ...values },
    null,
  );
const listed = async (search = "") => (await call(list, get(`/inventory${search}`))).data;
const seen = async (id: number, search = "") =>
  (await call(itemPage, get(`/inventory/${id}${search}`), on(id))).data;

let storekeeper: { Cookie: string };
beforeEach(async () => {
  const { user, cookie } = await signedIn({ username: "grace" });
  await user.setPermissions(["add_item", "change_item", "add_stock_move"]);
  storekeeper = { Cookie: cookie };
});

describe("the list", () => {
  beforeEach(() => seed.run(45));
  it.each([
    ["", 1],
    ["?page=2", 2],
    ["?page=3", 3],
    ["?page=0", 1],
    ["?page=-1", 1],
    ["?page=x", 1],
    ["?page=", 1],
    ["?page=1.5", 1],
    ["?page=4", 3],
    ["?page=99999999999999999999", 3],
    ["?page=2&page=3", 2],
    ["?page=%00", 1],
  ])("%s shows a page that there is", async (search, number) => {
    const { page, items } = await listed(search);
    expect(page).toMatchObject({ number, pages: 3, total: 45 });
    expect(items).toHaveLength(number === 3 ? 5 : 20);
  });
  it.each([
    "?q=%25",
    "?q=%00",
    "?q=%22",
    "?sort=nonsense",
    "?sort=-",
    "?location=%00",
    "?low=x",
    `?q=${"x+".repeat(2_000)}`,
    "?q=%F0%9F",
  ])("%s is answered", async (search) =>
    expect((await call(list, get(`/inventory${search}`))).status).toBe(200),
  );
  it("says how many there are and how many are low, or how many were found", async () => {
    const low = (await Item.findAll()).filter(({ quantity, lowStock }) => quantity <= lowStock).length;
    expect(low).toBeGreaterThan(0);
    expect(await listed()).toMatchObject({ page: { total: 45 }, low });
    const found = await listed("?q=bolt");
    expect(found.low).toBeNull();
    expect(found.page.total).toBe(await Item.count({ where: { name: await names("Bolt") } }));
    expect((await listed("?low=1")).page.total).toBe(low);
    expect(await figure()).toBe(`${low} low on stock`);
  });
  const names = async (kind: string) =>
    (await Item.findAll()).map(({ name }) => name).filter((name) => name.startsWith(kind));
  it("offers to add an item to who may", async () => {
    expect((await listed()).mayAdd).toBe(false);
    expect((await call(list, get("/inventory", storekeeper))).data.mayAdd).toBe(true);
  });
});

describe("an item's page", () => {
  it.each(["abc", "0", "4711", "99999999999999999999", "1.5", "1\u0000"])(
    "of the id %j is a 404",
    async (id) => {
      expect((await call(itemPage, get("/inventory/x"), on(id))).status).toBe(404);
      expect((await call(editPage, get("/inventory/x/edit", storekeeper), on(id))).status).toBe(404);
      const fields = { ...FIELDS, reason: "receive", amount: "1", version: "1" };
      for (const action of [move, edit])
        expect((await call(action, post("/inventory/x", fields, storekeeper), on(id))).status).toBe(404);
    },
  );
  it("shows the ledger, 20 moves at a time", async () => {
    const id = await item();
    for (let n = 1; n <= 24; n += 1)
      await StockMove.book(id, { reason: "receive", amount: n, reference: "" }, null);
    const { moves, hasMore, isNewest } = await seen(id);
    expect(moves.map(({ delta }: { delta: number }) => delta)).toEqual(
      Array.from({ length: 20 }, (_, n) => 24 - n),
    );
    expect([hasMore, isNewest]).toEqual([true, true]);
    const earlier = await seen(id, `?before=${moves.at(-1).id}`);
    expect(earlier.moves.map(({ delta }: { delta: number }) => delta)).toEqual([4, 3, 2, 1, 10]);
    expect([earlier.hasMore, earlier.isNewest]).toEqual([false, false]);
    expect((await seen(id, "?before=x")).moves).toHaveLength(20);
  });
  it("offers to book and to edit to who may", async () => {
    const id = await item();
    expect(await seen(id)).toMatchObject({ mayMove: false, mayChange: false });
    const { data } = await call(itemPage, get(`/inventory/${id}`, storekeeper), on(id));
    expect(data).toMatchObject({ mayMove: true, mayChange: true });
  });
});

describe("booking", () => {
  const book = (
    id: number,
    fields: Record<string, string>,
    headers: HeadersInit = storekeeper,
    search = "",
  ) => call(move, post(`/inventory/${id}${search}`, fields, headers), on(id));
  it.each([
    ["receive", "3", 13, "Stock went up by 3 to 13."],
    ["issue", "3", 7, "Stock went down by 3 to 7."],
    ["count", "8", 8, "Stock went down by 2 to 8."],
    ["count", "10", 10, "Counted: there are 10, as there should be."],
  ])(
    "%s %s leads back to the item and its list, and says what came of it",
    async (reason, amount, quantity, text) => {
      const id = await item();
      const answer = await book(
        id,
        { reason, amount, reference: "PO 1" },
        storekeeper,
        "?q=bolt&page=2&before=9",
      );
      expect(answer.status).toBe(303);
      expect(answer.headers.get("Location")).toBe(`/inventory/${id}?q=bolt&page=2`);
      expect(await flashOf(answer)).toMatchObject({ kind: "success", text });
      expect((await seen(id)).item.quantity).toBe(quantity);
      expect((await seen(id)).moves[0]).toMatchObject({ by: "grace", reference: "PO 1" });
    },
  );
  it.each([
    [{ reason: "issue", amount: "11" }, "amount", "Only 10 in stock"],
    [{ reason: "issue", amount: "" }, "amount", "Enter a quantity"],
    [{ reason: "issue", amount: "-1" }, "amount", "Quantity must be 0 or more"],
    [{ reason: "issue", amount: "1.5" }, "amount", "Quantity must be a whole number"],
    [{ reason: "receive", amount: "9".repeat(400) }, "amount", "Quantity must be 1,000,000,000 or less"],
    [{ reason: "steal", amount: "1" }, "reason", "Choose what to do"],
    [
      { reason: "issue", amount: "1", reference: "x".repeat(101) },
      "reference",
      "Reference must be 100 characters or fewer; it has 101",
    ],
  ])("%j is refused at its field, keeps what was typed, and books nothing", async (fields, name, message) => {
    const id = await item();
    const answer = await book(id, fields as Record<string, string>);
    expect(answer.status).toBe(422);
    expect(answer.data.problem).toEqual({ values: fields, errors: [{ name, message }] });
    expect((await seen(id)).moves).toHaveLength(1);
  });
});

describe("adding and editing", () => {
  const version = async (id: number) => String((await Item.find(id))!.updatedAt.getTime());
  it("adds an item with what there is of it", async () => {
    const answer = await call(add, post("/inventory/new?q=x", { ...FIELDS, quantity: "7" }, storekeeper));
    const [row] = await Item.findAll();
    expect(answer.headers.get("Location")).toBe(`/inventory/${row!.id}?q=x`);
    expect(row!.get()).toMatchObject({ name: "Bolt", quantity: 7, lowStock: 5, price: 125 });
    expect((await seen(row!.id)).moves).toMatchObject([{ delta: 7, by: "grace" }]);
  });
  it("takes what is not given for nothing: no quantity is 0", async () => {
    await call(add, post("/inventory/new", { name: "Bolt", sku: "B-1" }, storekeeper));
    expect(await Item.findOne()).toMatchObject({ quantity: 0, lowStock: 0, price: null, location: "" });
  });
  it.each([
    ["12", 1200],
    ["12.5", 1250],
    ["0,07", 7],
    ["", null],
  ])("takes the price %j", async (price, hundredths) => {
    await call(add, post("/inventory/new", { ...FIELDS, price, quantity: "" }, storekeeper));
    expect((await Item.findOne())!.price).toBe(hundredths);
  });
  it.each(["-1", "1.234", "a", "1e3", "99999999"])("refuses the price %j", async (price) => {
    const { status, data } = await call(
      add,
      post("/inventory/new", { ...FIELDS, price, quantity: "1" }, storekeeper),
    );
    expect(status).toBe(422);
    expect(data.problem.errors).toEqual([
      { name: "price", message: "Price must be like 12.50, and 10,000,000.00 or less" },
    ]);
    expect(data.problem.values).toMatchObject({ ...FIELDS, price });
  });
  it("says at the SKU that another item has it", async () => {
    await item();
    const other = await item({ sku: "B-2" });
    const taken = [{ name: "sku", message: "Another item has this SKU already" }];
    const added = await call(
      add,
      post("/inventory/new", { ...FIELDS, sku: "b-1", quantity: "1" }, storekeeper),
    );
    expect([added.status, added.data.problem.errors]).toEqual([422, taken]);
    const fields = { ...FIELDS, sku: "b-1", version: await version(other) };
    const edited = await call(edit, post(`/inventory/${other}/edit`, fields, storekeeper), on(other));
    expect([edited.status, edited.data.problem.errors]).toEqual([422, taken]);
  });
  it("saves an edit, and notes it", async () => {
    const id = await item();
    const fields = { ...FIELDS, name: "Nut", version: await version(id) };
    const answer = await call(edit, post(`/inventory/${id}/edit?page=2`, fields, storekeeper), on(id));
    expect(answer.headers.get("Location")).toBe(`/inventory/${id}?page=2`);
    expect(await Item.find(id)).toMatchObject({ name: "Nut", location: "Rack A", quantity: 10 });
    expect((await Activity.of("item", id))[0]!.changes).toContainEqual({
      field: "name",
      before: "Bolt",
      after: "Nut",
    });
  });
  it("does not overwrite what somebody else has saved meanwhile: it says what that is, and takes the second try", async () => {
    const id = await item({ price: 125, location: "Rack A" });
    const fields = { ...FIELDS, name: "Mine", version: await version(id) };
    await new Promise((resolve) => setTimeout(resolve, 5));
    await call(edit, post("/x", { ...fields, name: "Theirs" }, storekeeper), on(id));
    const { status, data } = await call(edit, post("/x", fields, storekeeper), on(id));
    expect(status).toBe(409);
    expect(data.problem.errors).toEqual([{ name: "theirs", message: expect.stringContaining("this item") }]);
    expect(data.problem.values["theirs-name"]).toBe("Theirs");
    expect(data.problem.values).not.toHaveProperty("theirs-sku");
    expect(data.problem.values.name).toBe("Mine");
    expect((await Item.find(id))!.name).toBe("Theirs");
    const again = { ...fields, version: data.problem.values.version };
    expect((await call(edit, post("/x", again, storekeeper), on(id))).status).toBe(303);
    expect((await Item.find(id))!.name).toBe("Mine");
  });
  it("is for who has the permission, whoever is signed in", async () => {
    const id = await item();
    const { cookie } = await signedIn({ username: "other" });
    const Cookie = { Cookie: cookie };
    for (const loader of [addPage, editPage]) {
      expect((await call(loader, get("/x", Cookie), on(id))).status).toBe(403);
      expect((await call(loader, get("/x"), on(id))).status).toBe(302);
    }
    for (const action of [add, edit, move]) {
      expect((await call(action, post("/x", FIELDS, Cookie), on(id))).status).toBe(403);
      expect((await call(action, post("/x", FIELDS), on(id))).status).toBe(303);
    }
    expect(await Item.count()).toBe(1);
    expect(await StockMove.count()).toBe(1);
  });
});

describe("the list as a file", () => {
  const file = async (search = "") => {
    const response = await exportFile({
      request: get(`/inventory/export.csv${search}`),
      params: {},
      context: {},
    });
    return { response, lines: (await response.text()).split("\r\n") };
  };
  it("holds what the list shows, all pages of it, in its order", async () => {
    await seed.run(45);
    const { lines } = await file("?q=bolt&sort=-quantity&page=2");
    const shown = [...(await listed("?q=bolt&sort=-quantity")).items];
    expect(lines.length).toBe(1 + (await listed("?q=bolt")).page.total + 1);
    expect(lines.slice(1, 4).map((line) => line.match(/BLT-\d+/)![0])).toEqual(
      shown.slice(0, 3).map(({ sku }: { sku: string }) => sku),
    );
  });
  it("is a file for spreadsheets, in UTF-8", async () => {
    await item({ name: 'Écrou "M8", zinc', price: 1250 });
    const { response, lines } = await file();
    expect(response.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("Content-Disposition")).toBe('attachment; filename="inventory.csv"');
    expect(lines).toEqual([
      expect.stringContaining("Name,SKU,Location,Quantity,Low at,Price"),
      '"Écrou ""M8"", zinc",B-1,,10,5,12.50',
      "",
    ]);
  });
  it.each(["=1+1", "+1-1", "-cmd", "@SUM(A1)"])("holds no formula: %s is text", async (name) => {
    await item({ name });
    expect((await file()).lines[1]).toMatch(/^'/);
    expect((await file()).lines[1]).toContain(name);
  });
});

describe("the demo data", () => {
  it("are there once, however often it is run, and more where more are asked for", async () => {
    await seed.run(30);
    await seed.run(30);
    expect(await Item.count()).toBe(30);
    await seed.run(40);
    expect(await Item.count()).toBe(40);
  });
  it("have ledgers that lead to their quantities, and never below nothing", async () => {
    await seed.run(210);
    for (const { id, quantity } of await Item.findAll()) {
      const moves = await StockMove.of(id, { limit: 100 });
      expect(moves[0]?.balance ?? 0).toBe(quantity);
      expect(moves.reduce((sum, { delta }) => sum + delta, 0)).toBe(quantity);
      expect(Math.min(0, ...moves.map(({ balance }) => balance))).toBe(0);
      const times = moves.map(({ createdAt }) => createdAt.getTime());
      expect(times).toEqual(times.toSorted((one, other) => other - one));
    }
  });
});
