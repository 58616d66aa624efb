import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  literal,
  Model,
  Op,
  QueryTypes,
  type Transaction,
} from "sequelize";
import { z } from "zod";
import { sequelize, transaction } from "./database.server";
import { type LineRule, line, lineProblem } from "./rules";

const TITLE: LineRule = { name: "Title", max: 200, empty: "Enter what needs doing" };
const LINES_AT_ONCE = 500;
const DAY = 24 * 60 * 60 * 1000;
/** Days that a deleted to-do can be put back. */
export const TRASH_DAYS = 30;

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
  declare id: CreationOptional<number>;
  declare title: string;
  declare done: CreationOptional<boolean>;
  declare createdAt: CreationOptional<Date>;
  declare deletedAt: CreationOptional<Date | null>;

  /** `limit` to-dos of a filter from `offset` on, newest first. */
  static async list(show: Show, { offset, limit }: { offset: number; limit: number }): Promise<TodoRow[]> {
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
    const rows = await sequelize.query<{ done: boolean | number; count: number | string }>(
      "SELECT done, COUNT(*) AS count FROM todos WHERE deleted_at IS NULL GROUP BY done",
      { type: QueryTypes.SELECT },
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
  static async add(...titles: string[]) {
    const rows = titles.map((title) => ({ title: todoTitle.parse(title) })).reverse();
    await transaction((transaction) => Todo.bulkCreate(rows, { transaction }));
  }

  /**
   * @returns whether there is such a to-do.
   * @throws ZodError when the title breaks its rule.
   */
  static async rename(id: number, title: string) {
    return changed(Todo.update({ title: todoTitle.parse(title) }, { where: { id } }));
  }

  /** Done becomes not done and back, in one statement, so that parallel toggles all count. */
  static async toggle(id: number) {
    return changed(Todo.update({ done: literal("NOT done") as unknown as boolean }, { where: { id } }));
  }

  /** Marks all as done, or as not done. @returns how many changed. */
  static async toggleAll(done: boolean) {
    const [count] = await Todo.update({ done }, { where: { done: !done } });
    return count;
  }

  /** @returns the title of what went to the trash, or null when there is no such to-do. */
  static async moveToTrash(id: number): Promise<string | null> {
    return transaction(async (transaction) => {
      const todo = await Todo.findByPk(id, { transaction });
      if (!todo || (await trash({ id }, transaction)).count === 0) return null;
      return todo.title;
    });
  }

  /** Moves the completed ones to the trash. `at` names the batch for `restoreCompleted`. */
  static async trashCompleted() {
    return transaction((transaction) => trash({ done: true }, transaction));
  }

  /** Takes a to-do out of the trash: its state and its place in the list are as before. */
  static async restoreOne(id: number) {
    const todo = await Todo.findTrashed(id);
    if (!todo) return null;
    await Todo.restore({ where: { id } });
    return todo.title;
  }

  /** Takes back one `trashCompleted`. @returns how many came back. */
  static async restoreCompleted(at: Date) {
    const [count] = await Todo.update(
      { deletedAt: null },
      { where: { done: true, deletedAt: { [Op.eq]: at } }, paranoid: false },
    );
    return count;
  }

  /** What can still be restored, last deleted first. */
  static async trashed({ offset, limit }: { offset: number; limit: number }) {
    const rows = await Todo.findAll({
      attributes: ["id", "title", "done", "deletedAt"],
      where: { deletedAt: { [Op.gt]: trashHorizon() } },
      order: [
        ["deleted_at", "DESC"],
        ["id", "DESC"],
      ],
      offset,
      limit,
      paranoid: false,
      raw: true,
    });
    return rows.map(({ id, title, done, deletedAt }) => ({
      id,
      title,
      done: Boolean(done),
      deletedAt: new Date(deletedAt as Date),
    }));
  }

  static trashedCount() {
    return Todo.count({ where: { deletedAt: { [Op.gt]: trashHorizon() } }, paranoid: false });
  }

  /** Deletes one of the trash for good. @returns its title, or null when it is not in the trash. */
  static async erase(id: number) {
    const todo = await Todo.findTrashed(id);
    if (!todo) return null;
    await Todo.destroy({ where: { id, deletedAt: { [Op.ne]: null } }, force: true });
    return todo.title;
  }

  /** Deletes the whole trash for good. @returns how many went. */
  static emptyTrash() {
    return Todo.destroy({ where: { deletedAt: { [Op.ne]: null } }, force: true });
  }

  private static findTrashed(id: number) {
    return Todo.findOne({ where: { id, deletedAt: { [Op.gt]: trashHorizon() } }, paranoid: false });
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
      { name: "todos_list", fields: ["deleted_at", "created_at", "id"] },
      { name: "todos_list_by_done", fields: ["deleted_at", "done", "created_at", "id"] },
    ],
  },
);

const trashHorizon = () => new Date(Date.now() - TRASH_DAYS * DAY);

async function changed(update: Promise<[number]>) {
  const [count] = await update;
  return count > 0;
}

/** One time stamp for all, so that they can come back together; what is past its days goes for good. */
async function trash(where: { id: number } | { done: true }, transaction: Transaction) {
  const at = new Date();
  const [count] = await Todo.update({ deletedAt: at }, { where, transaction });
  await Todo.destroy({ where: { deletedAt: { [Op.lt]: trashHorizon() } }, force: true, transaction });
  return { count, at };
}
