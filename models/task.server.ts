/**
 * Tasks: work that somebody may be asked to do by a day. Days are those of UTC.
 * Over 300 lines: one model, whose verbs take the same locks in the same order.
 */
import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  Op,
  type Transaction,
} from "sequelize";
import { Activity, type Actor } from "./activity.server";
import { retryingTransaction, type Slice, sequelize, transaction } from "./database.server";
import { line, optionalDay } from "./rules";
import { select } from "./sql.server";
import { eraseOne, PRESENT, restoreOne, trashed, trashedCount, trashIndex, trashOne } from "./trash.server";
import { calledSql, keyOf, User, username } from "./user.server";

const LONGEST_TITLE = 200;
/** People to choose an assignee from; where there are more, one types a username. */
const MOST_PEOPLE = 100;

export const taskTitle = line({ name: "Title", max: LONGEST_TITLE, empty: "Enter what is to be done" });
export const taskDueOn = optionalDay("Due date");

/** Which tasks a list shows: all but `done` are open. */
export type Show = "open" | "mine" | "overdue" | "done";

/** What a person writes. */
export interface TaskValues {
  title: string;
  /** Their username, or null for nobody; undefined leaves it as it is. */
  assignee?: string | null;
  /** `2026-01-31` */
  dueOn: string | null;
}

/** A task as pages get it. */
export interface TaskRow {
  id: number;
  title: string;
  completed: boolean;
  /** The name that others call them by. */
  assignee: string | null;
  dueOn: string | null;
  overdue: boolean;
  createdAt: Date;
  completedAt: Date | null;
}

/** A task as its own page gets it. */
export interface TaskView extends TaskRow {
  /** Of who has it. */
  username: string | null;
  /** Changes with what a person has written of it. */
  version: string;
}

/** A task that has just been completed. */
export interface Completed {
  id: number;
  title: string;
  completedAt: Date;
}

/** Somebody has written something else since the form was opened. */
export class TaskChanged extends Error {
  constructor(readonly id: number) {
    super("The task has been changed meanwhile");
  }
}

/** There is nobody of that username who could be given work. */
export class UnknownAssignee extends Error {}

/** Today, as columns hold days. */
export const today = () => new Date().toISOString().slice(0, 10);

export class Task extends Model<InferAttributes<Task>, InferCreationAttributes<Task>> {
  /** What the history keeps of a change. */
  static readonly noted: (keyof Attributes<Task>)[] = ["title", "completed", "assigneeId", "dueOn"];

  declare id: CreationOptional<number>;
  declare title: string;
  declare completed: CreationOptional<boolean>;
  declare completedAt: CreationOptional<Date | null>;
  declare assigneeId: CreationOptional<number | null>;
  declare dueOn: CreationOptional<string | null>;
  declare createdAt: CreationOptional<Date>;
  declare deletedAt: CreationOptional<Date | null>;

  /**
   * `limit` tasks of a filter from `offset` on: what is due first, then what has no date, the newest first; of those
   * that are done the last completed first. `userId` is who `mine` means.
   */
  static async list(show: Show, userId: number | null, { offset, limit }: Slice): Promise<TaskRow[]> {
    const rows = await selectTasks<TaskRow>(
      `SELECT ${ROW} FROM ${FROM} WHERE ${shown(show)} ORDER BY ${ORDER[show]} LIMIT :limit OFFSET :offset`,
      { userId: userId ?? 0, offset, limit },
    );
    return rows.map(read);
  }

  /** How many are open, of these overdue, and done; the trash is not counted. */
  static async counts(): Promise<Record<Exclude<Show, "mine">, number>> {
    const rows = await selectTasks<{
      completed: boolean | number;
      count: number | string;
      overdue: number | string;
    }>(
      `SELECT completed, COUNT(*) AS count, SUM(CASE WHEN due_on < :today THEN 1 ELSE 0 END) AS overdue
       FROM tasks WHERE deleted_at IS NULL GROUP BY completed`,
    );
    const of = (completed: boolean) => rows.find((row) => Boolean(row.completed) === completed);
    return {
      open: Number(of(false)?.count ?? 0),
      overdue: Number(of(false)?.overdue ?? 0),
      done: Number(of(true)?.count ?? 0),
    };
  }

  /** How many open ones are a person's. */
  static countMine(userId: number) {
    return Task.count({ where: { assigneeId: userId, completed: false } });
  }

  static async find(id: number): Promise<TaskView | null> {
    const [row] = await selectTasks<TaskRow & { username: string | null; assigneeId: number | null }>(
      `SELECT ${ROW}, u.username, t.assignee_id AS "assigneeId" FROM ${FROM} WHERE t.id = :id AND t.deleted_at IS NULL`,
      { id },
    );
    if (!row) return null;
    const task = read(row);
    return { ...task, username: row.username, version: versionOf({ ...task, assigneeId: row.assigneeId }) };
  }

  /** Those who can be given work, by name; null where they are too many to choose from. */
  static async people(): Promise<{ username: string; name: string }[] | null> {
    const rows = await selectTasks<{ username: string; name: string }>(
      `SELECT username, ${calledSql("users")} AS name FROM users WHERE is_active ORDER BY username_key LIMIT :limit`,
      { limit: MOST_PEOPLE + 1 },
    );
    return rows.length > MOST_PEOPLE ? null : rows;
  }

  /** @throws ZodError when a value breaks its rule; UnknownAssignee. @returns its id. */
  static async add({ title, assignee, dueOn }: TaskValues, by: Actor | null): Promise<number> {
    const values = { title: taskTitle.parse(title), dueOn: taskDueOn.parse(dueOn ?? "") };
    return transaction(async (transaction) => {
      const person = await personNamed(assignee, transaction);
      const assigneeId = assigneeIs(assignee, person, null);
      const task = await Task.create({ ...values, assigneeId }, { transaction });
      await Activity.note("add", task, by, transaction);
      return task.id;
    });
  }

  /**
   * Changes what was written; whether it is done stays as it is.
   *
   * @param version What `find` said that it is; without it nobody minds what others have written since.
   * @returns whether there is such a task.
   * @throws ZodError when a value breaks its rule; UnknownAssignee; TaskChanged.
   */
  static async edit(
    id: number,
    { title, assignee, dueOn }: TaskValues,
    by: Actor | null,
    version?: string,
  ): Promise<boolean> {
    const values = { title: taskTitle.parse(title), dueOn: taskDueOn.parse(dueOn ?? "") };
    return retryingTransaction(async (transaction) => {
      // Before the task: so does who deletes a person.
      const person = await personNamed(assignee, transaction);
      const task = await Task.findByPk(id, { transaction, lock: true });
      if (!task) return false;
      if (version !== undefined && version !== versionOf(task)) throw new TaskChanged(id);
      task.set(values);
      if (assignee !== undefined) task.set({ assigneeId: assigneeIs(assignee, person, task.assigneeId) });
      await Activity.note("change", task, by, transaction);
      await task.save({ transaction });
      return true;
    });
  }

  /**
   * Completes a task if it is open. Of many at once one does it, and that one alone calls `announce`, in the same
   * transaction, which may have to be run anew.
   *
   * @returns its title, and whether it was this call that completed it; null when there is no such task.
   */
  static async complete(
    id: number,
    by: Actor | null,
    announce: (completed: Completed, transaction: Transaction) => Promise<unknown>,
  ): Promise<Outcome | null> {
    const completedAt = new Date();
    return become(id, { completed: true, completedAt }, by, ({ title }, transaction) =>
      announce({ id, title, completedAt }, transaction),
    );
  }

  /** Opens a task that was completed. @returns as `complete`. */
  static reopen(id: number, by: Actor | null): Promise<Outcome | null> {
    return become(id, { completed: false, completedAt: null }, by);
  }

  /** @returns the title of what went to the trash, or null when there is no such task. */
  static moveToTrash(id: number, by: Actor | null) {
    return trashOne(Task, id, by);
  }

  /** Takes a task out of the trash: its state and its place in the list are as before. */
  static restoreOne(id: number, by: Actor | null) {
    return restoreOne(Task, id, by);
  }

  /** Deletes for good what is in the trash. */
  static eraseOne(id: number, by: Actor | null) {
    return eraseOne(Task, id, by);
  }

  /** What can still be restored, last deleted first. */
  static async trashed(slice: Slice) {
    const rows = await trashed(Task, slice, ["completed"]);
    return rows.map(({ completed, ...row }) => ({ ...row, done: Boolean(completed) }));
  }

  static trashedCount() {
    return trashedCount(Task);
  }
}

interface Outcome {
  title: string;
  changed: boolean;
}

/** One statement notes and one changes, where the task was otherwise: so it is the database that decides who was first. */
function become(
  id: number,
  values: { completed: boolean; completedAt: Date | null },
  by: Actor | null,
  along: (task: Task, transaction: Transaction) => Promise<unknown> = async () => {},
) {
  return retryingTransaction(async (transaction): Promise<Outcome | null> => {
    const task = await Task.findByPk(id, { transaction });
    if (!task) return null;
    const { completed } = values;
    if (task.completed === completed) return { title: task.title, changed: false };
    const options = { where: { id, completed: !completed }, to: { completed } };
    const found = await Activity.noteAll("change", Task, options, by, transaction);
    const where = { [Op.and]: [found, { completed: !completed }] };
    const [count] = await Task.update(values, { where, transaction });
    if (count > 0) await along(task, transaction);
    return { title: task.title, changed: count > 0 };
  });
}

/** The person of that username, who stays as they are until the transaction ends; null where there is none. */
const versionOf = ({ title, assigneeId, dueOn }: Pick<Task, "title" | "assigneeId" | "dueOn">) =>
  JSON.stringify([title, assigneeId, dueOn]);

async function personNamed(name: string | null | undefined, transaction: Transaction): Promise<User | null> {
  const { data } = username.safeParse(name ?? "");
  const lock = transaction.LOCK.SHARE;
  return data ? User.findOne({ where: { usernameKey: keyOf(data) }, transaction, lock }) : null;
}

/**
 * The id of who is to do it. Whoever does it already may be inactive by now.
 *
 * @throws UnknownAssignee
 */
function assigneeIs(name: string | null | undefined, person: User | null, current: number | null) {
  if (!name?.trim()) return null;
  if (!person || (!person.isActive && person.id !== current))
    throw new UnknownAssignee("There is nobody of this username who can be given work");
  return person.id;
}

/** With what the conditions on tasks below are about. */
const selectTasks = <Row extends object>(sql: string, replacements: Record<string, unknown> = {}) =>
  select<Row>(sql, { ...replacements, today: today(), open: false, done: true });

const FROM = "tasks t LEFT JOIN users u ON u.id = t.assignee_id";
const ROW = `t.id, t.title, t.completed, t.due_on AS "dueOn", ${calledSql("u")} AS assignee,
  t.due_on < :today AND t.completed = :open AS overdue, t.created_at AS "createdAt", t.completed_at AS "completedAt"`;

const OPEN = "t.deleted_at IS NULL AND t.completed = :open";

const shown = (show: Show) =>
  ({
    open: OPEN,
    mine: `${OPEN} AND t.assignee_id = :userId`,
    overdue: `${OPEN} AND t.due_on < :today`,
    done: "t.deleted_at IS NULL AND t.completed = :done",
  })[show];

const DUE_FIRST = "t.due_on NULLS LAST, t.created_at DESC, t.id DESC";
const ORDER: Record<Show, string> = {
  open: DUE_FIRST,
  mine: DUE_FIRST,
  overdue: DUE_FIRST,
  done: "t.completed_at DESC, t.id DESC",
};

/** Raw rows keep SQLite's own types: 0 and 1, and dates as text. */
const read = ({
  id,
  title,
  completed,
  assignee,
  dueOn,
  overdue,
  createdAt,
  completedAt,
}: TaskRow): TaskRow => ({
  id,
  title,
  completed: Boolean(completed),
  assignee,
  dueOn,
  overdue: Boolean(overdue),
  createdAt: new Date(createdAt),
  completedAt: completedAt && new Date(completedAt),
});

const NEWEST = [
  { name: "created_at", order: "DESC" },
  { name: "id", order: "DESC" },
] as const;

Task.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    title: { type: DataTypes.STRING(LONGEST_TITLE), allowNull: false },
    completed: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
    completedAt: { type: DataTypes.DATE },
    assigneeId: { type: DataTypes.INTEGER, references: { model: "users", key: "id" }, onDelete: "SET NULL" },
    dueOn: { type: DataTypes.DATEONLY },
    createdAt: { type: DataTypes.DATE, allowNull: false },
    deletedAt: { type: DataTypes.DATE },
  },
  {
    sequelize,
    modelName: "task",
    tableName: "tasks",
    updatedAt: false,
    paranoid: true,
    indexes: [
      { name: "tasks_open", fields: ["completed", "due_on", ...NEWEST, "deleted_at"], ...PRESENT },
      {
        name: "tasks_of",
        fields: ["assignee_id", "completed", "due_on", ...NEWEST, "deleted_at"],
        ...PRESENT,
      },
      { name: "tasks_done", fields: ["completed", "completed_at", "id", "deleted_at"], ...PRESENT },
      trashIndex("tasks"),
    ],
  },
);
