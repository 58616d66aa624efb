import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  literal,
  Model,
  Op,
  type Utils,
  type WhereOptions,
} from "sequelize";
import { z } from "zod";
import { Activity, type Actor } from "./activity.server";
import { createAll, type Slice, sequelize, transaction } from "./database.server";
import { type LineRule, line, lineProblem } from "./rules";
import { trigramIndex } from "./search.server";
import { select } from "./sql.server";
import {
  erase,
  eraseOne,
  PRESENT,
  restore,
  restoreOne,
  trash,
  trashed,
  trashedCount,
  trashIndex,
  trashOne,
} from "./trash.server";

const TITLE: LineRule = { name: "Title", max: 200, empty: "Enter what needs doing" };
const LINES_AT_ONCE = 500;

/** One title. */
export const todoTitle = line(TITLE);

/** A pasted list: a title a line, blank lines passed over. All of it is right, or none is taken. */
export const todoTitles = z.string(TITLE.empty).transform((text, context) => {
  const refuse = (message: string) => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map((title) => title.trim());
  const titles = lines.filter((title) => title !== "");
  if (titles.length === 0) return refuse(TITLE.empty);
  if (titles.length > LINES_AT_ONCE) {
    return refuse(`Add at most ${LINES_AT_ONCE} to-dos at once; these are ${titles.length}`);
  }
  for (const [index, title] of lines.entries()) {
    const message = title !== "" && lineProblem(title, TITLE);
    if (message) return refuse(titles.length === 1 ? message : `Line ${index + 1}: ${message}`);
  }
  return titles;
});

/** Which to-dos a list shows. */
export type Show = "all" | "active" | "completed";

/** A to-do as pages get it. */
export interface TodoRow {
  id: number;
  title: string;
  done: boolean;
  createdAt: Date;
}

const newestFirst: [string, string][] = [
  ["created_at", "DESC"],
  ["id", "DESC"],
];

export class Todo extends Model<InferAttributes<Todo>, InferCreationAttributes<Todo>> {
  /** What the history keeps of a change. */
  static readonly noted: (keyof Attributes<Todo>)[] = ["title", "done"];

  declare id: CreationOptional<number>;
  declare title: string;
  declare done: CreationOptional<boolean>;
  declare createdAt: CreationOptional<Date>;
  declare deletedAt: CreationOptional<Date | null>;

  /** `limit` to-dos of a filter from `offset` on, newest first. */
  static async list(show: Show, { offset, limit }: Slice): Promise<TodoRow[]> {
    const rows = await Todo.findAll({
      attributes: ["id", "title", "done", "createdAt"],
      where: show === "all" ? {} : { done: show === "completed" },
      order: newestFirst,
      offset,
      limit,
      raw: true,
    });
    // Raw rows keep SQLite's own types: 0 and 1, and dates as text.
    return rows.map(({ id, title, done, createdAt }) => ({
      id,
      title,
      done: Boolean(done),
      createdAt: new Date(createdAt),
    }));
  }

  /** How many are active and completed; the trash is not counted. In SQL, because `Todo.count` takes three times as long. */
  static async counts(): Promise<{ active: number; completed: number }> {
    const rows = await select<{ done: boolean | number; count: number | string }>(
      "SELECT done, COUNT(*) AS count FROM todos WHERE deleted_at IS NULL GROUP BY done",
    );
    const of = (done: boolean) => Number(rows.find((row) => Boolean(row.done) === done)?.count ?? 0);
    return { active: of(false), completed: of(true) };
  }

  static async find(id: number): Promise<TodoRow | null> {
    const todo = await Todo.findByPk(id);
    return todo && { id: todo.id, title: todo.title, done: todo.done, createdAt: todo.createdAt };
  }

  /**
   * Adds to-dos that will be listed in the order given, the first on top; all or none.
   *
   * @throws ZodError when a title breaks its rule.
   */
  static async add(titles: string[], by: Actor | null) {
    const values = titles.map((title) => ({ title: todoTitle.parse(title) })).reverse();
    await transaction(async (transaction) =>
      Activity.note("add", await createAll(Todo, values, transaction), by, transaction),
    );
  }

  /**
   * @returns whether there is such a to-do.
   * @throws ZodError when the title breaks its rule.
   */
  static async rename(id: number, title: string, by: Actor | null): Promise<boolean> {
    const wanted = todoTitle.parse(title);
    return transaction(async (transaction) => {
      const todo = await Todo.findByPk(id, { transaction, lock: true });
      if (!todo) return false;
      await Activity.note("change", todo.set({ title: wanted }), by, transaction);
      await todo.save({ transaction });
      return true;
    });
  }

  /** Done becomes not done and back, whatever it is now, so that parallel toggles all count. */
  static async toggle(id: number, by: Actor | null) {
    return (await change({ id }, literal("NOT done"), by)) > 0;
  }

  /** Marks all as done, or as not done. @returns how many changed. */
  static async toggleAll(done: boolean, by: Actor | null) {
    return change({ done: !done }, done, by);
  }

  /** @returns the title of what went to the trash, or null when there is no such to-do. */
  static moveToTrash(id: number, by: Actor | null) {
    return trashOne(Todo, id, by);
  }

  /** Moves the completed ones to the trash. `at` names the batch for `restoreCompleted`. */
  static async trashCompleted(by: Actor | null) {
    return transaction((transaction) => trash(Todo, { done: true }, by, transaction));
  }

  /** Takes a to-do out of the trash: its state and its place in the list are as before. */
  static restoreOne(id: number, by: Actor | null) {
    return restoreOne(Todo, id, by);
  }

  /** Takes back one `trashCompleted`. @returns how many came back. */
  static async restoreCompleted(at: Date, by: Actor | null) {
    const batch = { done: true, deletedAt: { [Op.eq]: at } };
    return transaction((transaction) => restore(Todo, batch, by, transaction));
  }

  /** What can still be restored, last deleted first. */
  static async trashed(slice: Slice) {
    const rows = await trashed(Todo, slice, ["done"]);
    return rows.map(({ done, ...row }) => ({ ...row, done: Boolean(done) }));
  }

  static trashedCount() {
    return trashedCount(Todo);
  }

  /** Deletes one of the trash for good. @returns its title, or null when it is not in the trash. */
  static eraseOne(id: number, by: Actor | null) {
    return eraseOne(Todo, id, by);
  }

  /** Deletes the whole trash for good. @returns how many went. */
  static async emptyTrash(by: Actor | null) {
    return transaction((transaction) => erase(Todo, {}, by, transaction));
  }
}

Todo.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    title: { type: DataTypes.STRING(TITLE.max), allowNull: false },
    done: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
    createdAt: { type: DataTypes.DATE, allowNull: false },
    deletedAt: { type: DataTypes.DATE },
  },
  {
    sequelize,
    modelName: "todo",
    tableName: "todos",
    updatedAt: false,
    paranoid: true,
    indexes: [
      { name: "todos_list", fields: ["created_at", "id", "deleted_at"], ...PRESENT },
      { name: "todos_list_by_done", fields: ["done", "created_at", "id", "deleted_at"], ...PRESENT },
      trashIndex("todos"),
      ...trigramIndex("todos", "title"),
    ],
  },
);

type Where = WhereOptions<InferAttributes<Todo>>;

/** One statement notes and one changes, so it is the database that counts. @returns how many changed. */
async function change(where: Where, done: boolean | Utils.Literal, by: Actor | null) {
  return transaction(async (transaction) => {
    const found = await Activity.noteAll("change", Todo, { where, to: { done } }, by, transaction);
    const [count] = await Todo.update({ done: done as boolean }, { where: found, transaction });
    return count;
  });
}
