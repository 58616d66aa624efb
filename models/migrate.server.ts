/** Migrations: what `manage.py migrate` stands for, on umzug. */
import type { QueryInterface, Transaction } from "sequelize";
import { Umzug, type UmzugStorage } from "umzug";
import { isPostgres, sequelize, transaction } from "./database.server";
import { migrations } from "./migrations/index";

interface Context {
  queryInterface: QueryInterface;
  transaction: Transaction;
}

export interface Migration {
  name: string;
  up(context: Context): Promise<void>;
  down(context: Context): Promise<void>;
}

export interface Step {
  direction: "up" | "down";
  name: string;
}

const TABLE = "migrations";
/** Any number that nothing else in this database locks with. */
const ADVISORY_LOCK = 7_310_532;

/**
 * The names of the migrations that have run live in a table of their own, written in the migration's own
 * transaction.
 */
const storage: UmzugStorage<Context> = {
  async executed({ context: { transaction } }) {
    await sequelize.query(`CREATE TABLE IF NOT EXISTS ${TABLE} (name VARCHAR(255) PRIMARY KEY)`, {
      transaction,
    });
    const [rows] = await sequelize.query(`SELECT name FROM ${TABLE} ORDER BY name`, { transaction });
    return (rows as { name: string }[]).map((row) => row.name);
  },
  async logMigration({ name, context: { transaction } }) {
    await sequelize.query(`INSERT INTO ${TABLE} (name) VALUES (?)`, { replacements: [name], transaction });
  },
  async unlogMigration({ name, context: { transaction } }) {
    await sequelize.query(`DELETE FROM ${TABLE} WHERE name = ?`, { replacements: [name], transaction });
  },
};

const umzugIn = (transaction: Transaction) =>
  new Umzug<Context>({
    migrations: migrations.map(({ name, up, down }) => ({
      name,
      up: ({ context }) => up(context),
      down: ({ context }) => down(context),
    })),
    context: { queryInterface: sequelize.getQueryInterface(), transaction },
    storage,
    logger: undefined,
  });

/** A runner that comes second waits here until the first has committed, and then looks at what is left. */
async function lock(transaction: Transaction) {
  if (isPostgres()) {
    await sequelize.query(`SELECT pg_advisory_xact_lock(${ADVISORY_LOCK})`, { transaction });
  }
}

/** What leads from the migrations that have run to the one called `to`: missing ones up, later ones down. */
function stepsTo(to: string | undefined, executed: string[]): Step[] {
  const names = migrations.map((migration) => migration.name);
  const last = to === undefined ? names.length - 1 : to === "zero" ? -1 : names.indexOf(to);
  const wanted = names.slice(0, last + 1);
  const up = wanted.filter((name) => !executed.includes(name));
  const down = names.slice(last + 1).filter((name) => executed.includes(name));
  return [
    ...up.map((name) => ({ direction: "up" as const, name })),
    ...down.reverse().map((name) => ({ direction: "down" as const, name })),
  ];
}

function assertKnown(to?: string) {
  if (to === undefined || to === "zero" || migrations.some((migration) => migration.name === to)) return;
  const known = migrations.map((migration) => migration.name).join(", ");
  throw new UnknownMigration(`There is no migration "${to}". There are: ${known}; and zero for none.`);
}

export class UnknownMigration extends Error {}

/**
 * Brings the schema to the newest migration, or to the one called `to` (`zero` undoes all). Each migration
 * commits by itself together with its name; processes that start at once take turns, and each step runs once.
 *
 * @returns the steps that this call took.
 * @throws UnknownMigration when there is none called `to`.
 */
export async function migrate({ to, onStep }: { to?: string; onStep?: (step: Step) => void } = {}) {
  assertKnown(to);
  const taken: Step[] = [];
  for (;;) {
    const step = await transaction(async (transaction) => {
      await lock(transaction);
      const umzug = umzugIn(transaction);
      const executed = (await umzug.executed()).map((migration) => migration.name);
      const [next] = stepsTo(to, executed);
      if (next) await umzug[next.direction]({ migrations: [next.name] });
      return next;
    });
    if (!step) return taken;
    onStep?.(step);
    taken.push(step);
  }
}

/** The steps that `migrate` would take now. Changes nothing. */
export async function plan(to?: string): Promise<Step[]> {
  assertKnown(to);
  return stepsTo(to, await executedNames());
}

/** What has run, oldest first; of a database that was never migrated, nothing. */
export async function executedNames(): Promise<string[]> {
  if (!(await sequelize.getQueryInterface().tableExists(TABLE))) return [];
  const [rows] = await sequelize.query(`SELECT name FROM ${TABLE} ORDER BY name`);
  return (rows as { name: string }[]).map((row) => row.name);
}
