import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
} from "sequelize";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Activity } from "#models/activity.server";
import { sequelize } from "#models/database.server";
import type { FormView } from "~/features/admin/form.server";
import { featureServers } from "~/features.server";
import { adminEntry, type Many } from "~/services/admin.server";
import { signedIn } from "../../helpers/people";
import { adminOf, opened } from "./admin";

class Dish extends Model<InferAttributes<Dish>, InferCreationAttributes<Dish>> {
  declare id: CreationOptional<number>;
  declare title: string;
  declare hint: CreationOptional<string | null>;
  declare servings: CreationOptional<number>;
  declare cooked: CreationOptional<number>;
  declare secretSauce: CreationOptional<string | null>;
  declare cookedAt: CreationOptional<Date | null>;
}
Dish.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    title: { type: DataTypes.STRING(100), allowNull: false },
    hint: { type: DataTypes.STRING(200) },
    servings: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 4 },
    cooked: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
    secretSauce: { type: DataTypes.STRING(100) },
    cookedAt: { type: DataTypes.DATE },
  },
  { sequelize, modelName: "dish", tableName: "dishes", timestamps: false },
);
/** Who is invited to which dish, by number. */
let invited: Map<number, string[]>;
const GUESTS = { "1": "Ada", "2": "Grace", "3": "Alan" };
const guests: Many = {
  name: "guests",
  label: "Guests",
  choices: async () => Object.entries(GUESTS).map(([value, label]) => ({ value, label })),
  read: async (row) => invited.get((row as Dish).id) ?? [],
  write: async (row, values) => void invited.set((row as Dish).id, values),
};

featureServers.push({
  name: "kitchen",
  admin: [
    adminEntry<Dish>({
      model: Dish,
      plural: "dishes",
      name: ({ title, id }) => `${title} (no. ${id})`,
      list: ["title", { label: "Plates", value: ({ servings }) => servings * 2 }, "cookedAt"],
      search: ["title", "hint"],
      filters: ["cookedAt"],
      ordering: ["-servings", "title"],
      readonly: ["cooked"],
      secret: ["secretSauce"],
      fieldsets: [{ title: "For whom", fields: ["servings", "title"] }],
      labels: { hint: "What to mind" },
      help: { hint: "In a few words" },
      widgets: { hint: "textarea" },
      many: [guests],
    }),
  ],
});
await Dish.sync();

let dishes: ReturnType<typeof adminOf>;
const signIn = async () => {
  invited = new Map();
  const { cookie } = await signedIn({ username: "boss", isStaff: true, isSuperuser: true });
  dishes = adminOf(cookie, "kitchen", "dish");
};
const titles = async (query = "") =>
  (await dishes.list(query)).data.rows.map(({ cells }: { cells: string[] }) => cells[0]);

describe("an entry may say otherwise", () => {
  beforeEach(signIn);

  it("which columns the list and its file have, attributes and functions, and what a row is called", async () => {
    const { id } = await Dish.create({ title: "Soup", servings: 3 });
    const { columns, rows, plural } = (await dishes.list()).data;
    expect(columns).toEqual([
      { label: "Title", attribute: "title" },
      { label: "Plates", attribute: undefined },
      { label: "Cooked at", attribute: "cookedAt" },
    ]);
    expect([plural, rows]).toEqual(["dishes", [{ id, name: `Soup (no. ${id})`, cells: ["Soup", "6", ""] }]]);
    expect(await dishes.csv()).toMatch(/^\uFEFF?ID,Title,Plates,Cooked at\r\n\d+,Soup,6,\r\n$/);
    expect((await dishes.form(id)).data.name).toBe(`Soup (no. ${id})`);
    await dishes.change(id, { ...(await opened(dishes, id)), title: "Stew" });
    expect((await Activity.of("dish", id))[0]!.label).toBe(`Stew (no. ${id})`);
  });
  it("where the search looks: each word in any of its attributes, and in no other", async () => {
    await Dish.bulkCreate([
      { title: "Soup", hint: "Hot" },
      { title: "Hot pot", hint: "With SOUP" },
      { title: "Salad", secretSauce: "soup hot" },
    ]);
    expect((await titles("?q=soup+hot")).toSorted()).toEqual(["Hot pot", "Soup"]);
  });
  it("in which order the list begins, up and down, and the file with it", async () => {
    await Dish.bulkCreate([
      { title: "b", servings: 2 },
      { title: "c", servings: 8 },
      { title: "a", servings: 2 },
    ]);
    expect(await titles()).toEqual(["c", "a", "b"]);
    const lines = (await dishes.csv()).trimEnd().split("\r\n").slice(1);
    expect(lines.map((line) => line.split(",")[1])).toEqual(["c", "a", "b"]);
  });
  it("under which headings the fields stand, in which order; those that no one names come first", async () => {
    const { sections }: FormView = (await dishes.addForm()).data.view;
    expect(sections.map(({ title, fields }) => [title, fields.map(({ name }) => name)])).toEqual([
      ["", ["hint", "cooked_at"]],
      ["For whom", ["servings", "title"]],
    ]);
  });
  it("what a field is called, what stands beside it, and what it is typed into", async () => {
    const { sections }: FormView = (await dishes.addForm()).data.view;
    expect(sections[0]!.fields[0]).toMatchObject({
      label: "What to mind",
      help: "In a few words",
      widget: "textarea",
    });
  });
  it("what is shown and cannot be changed, whatever is sent", async () => {
    const { id } = await Dish.create({ title: "Soup", cooked: 7 });
    const { view }: { view: FormView } = (await dishes.form(id)).data;
    expect(view.shown).toEqual([{ label: "Cooked", text: "7" }]);
    expect(view.values).not.toHaveProperty("cooked");
    const sent = { ...(await opened(dishes, id)), title: "Stew", cooked: "99" };
    expect((await dishes.change(id, sent)).status).toBe(303);
    expect(await Dish.findByPk(id)).toMatchObject({ title: "Stew", cooked: 7 });
    await dishes.add({ title: "Pie", servings: "1", cooked: "99" });
    expect(await Dish.findOne({ where: { title: "Pie" } })).toMatchObject({ cooked: 0 });
  });
  it("what many of another model belong to it: ticked, and shown by name in history and conflicts", async () => {
    await dishes.add({ title: "Soup", servings: "2", guests: ["1", "2"] });
    const { id } = (await Dish.findOne())!;
    expect(invited.get(id)).toEqual(["1", "2"]);
    const { many, values }: FormView = (await dishes.form(id)).data.view;
    expect([many[0]!.choices.length, values.guests]).toEqual([3, "1\n2"]);
    const mine = await opened(dishes, id);
    await dishes.change(id, { ...mine, guests: ["3"] });
    expect((await dishes.history(id)).data.deeds[0].changes).toEqual([
      { field: "Guests", before: "Ada, Grace", after: "Alan" },
    ]);
    const { data } = await dishes.change(id, { ...mine, guests: ["2"] });
    expect(data.conflict.conflicts).toEqual([
      { name: "guests", label: "Guests", yours: "Grace", theirs: "Alan", both: true },
    ]);
    expect(data.problem.values.guests).toBe("2");
  });
  it("what is a secret: shown nowhere, kept by no history, changed by no form", async () => {
    const { id } = await Dish.create({ title: "Soup", secretSauce: "dill" });
    const sent = { ...(await opened(dishes, id)), title: "Stew", secret_sauce: "salt" };
    await dishes.change(id, sent);
    expect((await Dish.findByPk(id))!.secretSauce).toBe("dill");
    await dishes.delete(id);
    const seen = [sent, (await dishes.history(id)).data, await Activity.findAll(), await dishes.csv()];
    expect(JSON.stringify(seen)).not.toContain("dill");
  });
});

describe("a filter by date", () => {
  const NOW = "2030-06-20T12:00:00.000Z";
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date(NOW) });
    await signIn();
  });
  afterEach(() => vi.useRealTimers());

  it("is of today, of the past 7 days, of this month and of this year, in UTC", async () => {
    await Dish.bulkCreate(
      [
        ["today", "2030-06-20T00:00:00Z"],
        ["yesterday", "2030-06-19T23:59:59Z"],
        ["this month", "2030-06-13T11:59:59Z"],
        ["this year", "2030-05-31T23:59:59Z"],
        ["last year", "2029-12-31T23:59:59Z"],
      ].map(([title, at]) => ({ title: title!, cookedAt: new Date(at!) })),
    );
    const found = async (period: string) => (await titles(`?cooked_at=${period}&o=-cookedAt`)).length;
    expect(await Promise.all(["today", "7-days", "month", "year", ""].map(found))).toEqual([1, 2, 3, 4, 5]);
    expect(await titles("?cooked_at=today")).toEqual(["today"]);
  });
});
