/** What was done to which row, by whom and when: what Django's `LogEntry` stands for, with before and after. */
import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  literal,
  Model,
  type ModelStatic,
  Op,
  type Transaction,
  type Utils,
  type WhereOptions,
} from "sequelize";
import { hold, isSqlite, sequelize, transaction } from "./database.server";
import { type Change, changesOf, columnOf, deedsSql, identityOf, LABEL, modelOf } from "./noted.server";
import { select } from "./sql.server";

/** Who did it; null in its place where nobody is signed in. */
export interface Actor {
  /** Null for what is no person, such as a command. */
  id: number | null;
  /** Theirs alone, and it stays on record when they go; a display name could be anybody's. */
  username: string;
}

/**
 * `delete` is also to the trash; `erase` is out of it, for good. `restore` brings back a version, or a row. `open` and
 * `download` change nothing: they are noted of what one wants to know who has seen it.
 */
export type Deed = "add" | "change" | "delete" | "restore" | "erase" | Reading;
export type Reading = "open" | "download";
const READINGS: Reading[] = ["open", "download"];

/** Stands for a secret that was changed. */
const CHANGED = "(changed)";

export class Activity extends Model<InferAttributes<Activity>, InferCreationAttributes<Activity>> {
  declare id: CreationOptional<number>;
  declare createdAt: CreationOptional<Date>;
  declare userId: number | null;
  /** Their name at that time; it stays when they go. */
  declare userName: string;
  declare deed: Deed;
  declare model: string;
  declare objectId: string;
  /** What the row was called. */
  declare label: string;
  declare changes: Change[];

  /** Notes deeds in the transaction that does them: there they are both, or neither. */
  static async record(
    deeds: { deed: Deed; model: string; objectId: number | string; label: string; changes: Change[] }[],
    by: Actor | null,
    transaction: Transaction,
  ) {
    const rows = deeds.map((deed) => ({
      ...deed,
      objectId: String(deed.objectId),
      label: [...deed.label].slice(0, LABEL).join(""),
      userId: literal(idIfThere(by)) as unknown as number,
      userName: by?.username ?? "",
    }));
    await Activity.bulkCreate(rows, { transaction });
  }

  /**
   * Notes what is done to rows: what their model lists as `noted`, before and after. Call it after `create`, and
   * before `save` and `destroy`, while the row still knows what it was. A change of nothing that is noted is no deed.
   *
   *     await Activity.note("add", await Todo.create({ title }, { transaction }), by, transaction);
   *
   *     await Activity.note("change", todo.set({ title }), by, transaction);
   *     await todo.save({ transaction });
   *
   * @throws Error where the model does not list what is noted.
   */
  static async note(deed: Deed, rows: Model | Model[], by: Actor | null, transaction: Transaction) {
    const deeds = [rows].flat().map((row) => ({
      deed,
      ...identityOf(row),
      changes: changesOf(row, { isNew: deed === "add", isGone: isGoing(deed) }),
    }));
    const done = deeds.filter(({ changes }) => deed !== "change" || changes.length > 0);
    await Activity.record(done, by, transaction);
  }

  /** Notes that a secret of a row was changed, neither from what nor to what. */
  static async noteSecret(row: Model, attribute: string, by: Actor | null, transaction: Transaction) {
    await Activity.noteThat(row, columnOf(modelOf(row), attribute).name, CHANGED, by, transaction);
  }

  /** Notes what no column of the rows tells: what became of something that belongs to them. */
  static async noteThat(
    rows: Model | Model[],
    field: string,
    after: string,
    by: Actor | null,
    transaction: Transaction,
  ) {
    const changes = [{ field, before: null, after }];
    const deeds = [rows].flat().map((row) => ({ deed: "change" as const, ...identityOf(row), changes }));
    await Activity.record(deeds, by, transaction);
  }

  /**
   * Notes the same deed on every row that `where` finds, in one statement, and keeps others from changing these rows
   * until the transaction ends. Call it first, then do it to the rows that it found:
   *
   *     const found = await Activity.noteAll("change", Todo, { where: { done: false }, to: { done: true } }, by, transaction);
   *     await Todo.update({ done: true }, { where: found, transaction });
   *
   * `to` holds what attributes become, as values or as SQL; let `where` find those that this changes. Of rows that are
   * deleted all that is noted is kept. Rows in a trash are found with `paranoid: false` only, as everywhere.
   *
   * @returns a condition that finds exactly the rows that were noted.
   * @throws Error where the model does not list what is noted.
   */
  static async noteAll<M extends Model>(
    deed: Exclude<Deed, "add">,
    model: ModelStatic<M>,
    { where, to = {}, paranoid }: NoteAllOptions<M>,
    by: Actor | null,
    transaction: Transaction,
  ): Promise<WhereOptions<Attributes<M>>> {
    const as = {
      created_at: new Date(),
      user_id: literal(idIfThere(by)),
      user_name: by?.username ?? "",
      deed,
    };
    const { names, select: deeds } = deedsSql({ model, to: isGoing(deed) ? null : to, as, where, paranoid });
    const insert = `INSERT INTO activities (${names.join(", ")}) ${deeds}`;
    if (isSqlite()) {
      await sequelize.query(insert, { transaction });
      // The transaction is the only writer: the same rows are found again.
      return where;
    }
    const returning = `${insert} RETURNING object_id`;
    const found = await select<{ object_id: string }>(returning, undefined, transaction);
    const ids = found.map(({ object_id }) => Number(object_id));
    return { id: ids } as unknown as WhereOptions<Attributes<M>>;
  }

  /** What was done to one row, newest first. */
  static of(model: string, objectId: number | string, { limit = 200, transaction }: OfOptions = {}) {
    return Activity.findAll({
      where: { model, objectId: String(objectId) },
      order: [["id", "DESC"]],
      limit,
      transaction,
    });
  }

  /** The newest deeds on rows of these models that have changed something. */
  static recent(models: string[], limit: number) {
    const where = { model: models, deed: { [Op.notIn]: READINGS } };
    return Activity.findAll({ where, order: [["id", "DESC"]], limit });
  }

  /** Notes that somebody has read a row, unless they have been noted for that since `since`. */
  static async noteReading(deed: Reading, row: Model, by: Actor, since: Date) {
    const identity = identityOf(row);
    const reading = { model: identity.model, objectId: String(identity.objectId), userId: by.id, deed };
    const where = { ...reading, createdAt: { [Op.gt]: since } };
    // Most parts of a download need not wait for who writes.
    if ((await Activity.count({ where })) > 0) return;
    await transaction(async (transaction) => {
      await hold(JSON.stringify(reading), transaction);
      if ((await Activity.count({ where, transaction })) > 0) return;
      await Activity.record([{ deed, ...identity, changes: [] }], by, transaction);
    });
  }
}

interface NoteAllOptions<M extends Model> {
  where: WhereOptions<Attributes<M>>;
  to?: { [Name in keyof Attributes<M>]?: Attributes<M>[Name] | Utils.Literal };
  paranoid?: boolean;
}

interface OfOptions {
  limit?: number;
  transaction?: Transaction;
}

/** Who deletes themselves is gone when that is noted, and stays on record by name. */
const idIfThere = (by: Actor | null) => `(SELECT id FROM users WHERE id = ${Number(by?.id ?? 0)})`;

const isGoing = (deed: Deed) => deed === "delete" || deed === "erase";

Activity.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    createdAt: { type: DataTypes.DATE, allowNull: false },
    userId: { type: DataTypes.INTEGER, references: { model: "users", key: "id" }, onDelete: "SET NULL" },
    userName: { type: DataTypes.STRING(150), allowNull: false },
    deed: { type: DataTypes.STRING(10), allowNull: false },
    model: { type: DataTypes.STRING(100), allowNull: false },
    objectId: { type: DataTypes.STRING(64), allowNull: false },
    label: { type: DataTypes.STRING(LABEL), allowNull: false },
    changes: { type: DataTypes.JSON, allowNull: false },
  },
  {
    sequelize,
    modelName: "activity",
    tableName: "activities",
    updatedAt: false,
    indexes: [
      { name: "activities_object", fields: ["model", "object_id", "id"] },
      { name: "activities_user_id", fields: ["user_id"] },
    ],
  },
);

const refuse = () => {
  throw new Error("What was done stays on record.");
};
Activity.addHook("beforeUpdate", refuse);
Activity.addHook("beforeBulkUpdate", refuse);
Activity.addHook("beforeDestroy", refuse);
Activity.addHook("beforeBulkDestroy", refuse);
