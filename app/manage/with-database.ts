/** What commands that use the database share. Models are imported late: manage.ts reads `.env` before. */
import { Failure } from "./failure";

/** @throws Failure that says which setting is wrong. */
export async function assertSettings() {
  // A DATABASE_URL of no kind that it knows is refused already as the module is loaded.
  const { ConfigError, readSettings } = await import("~/services/config.server").catch((error: Error) => {
    throw new Failure(error.message);
  });
  try {
    readSettings(process.env);
  } catch (error) {
    throw error instanceof ConfigError ? new Failure(error.message) : error;
  }
}

/**
 * Runs `work` with settings that are checked, and closes the database when it ends, however it ends.
 *
 * @throws Failure when a setting is wrong or the database does not answer.
 */
export async function withDatabase<T>(work: () => Promise<T>): Promise<T> {
  await assertSettings();
  const { ConnectionError } = await import("sequelize");
  const { disconnect } = await import("#models/database.server");
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    throw new Failure(`The database cannot be opened: ${error.message}`);
  } finally {
    await disconnect();
  }
}

/** Every model: those that the features import. */
export async function allModels() {
  await import("~/features.server");
  const { sequelize } = await import("#models/database.server");
  return Object.values(sequelize.models);
}

/** `withDatabase` for work that needs its tables. @throws Failure where migrations have not run. */
export const withTables = <T>(work: () => Promise<T>) =>
  withDatabase(async () => {
    const problems = await migrationProblems();
    if (problems.length > 0) throw new Failure(problems.join("\n"));
    return work();
  });

/** What keeps the database from being used as it is, a line each: migrations that it lacks, or has too many. */
export async function migrationProblems(): Promise<string[]> {
  const { executedNames, plan } = await import("#models/migrate.server");
  const { migrations } = await import("#models/migrations/index");
  const known = new Set(migrations.map(({ name }) => name));
  const pending = (await plan()).map(({ name }) => name);
  const unknown = (await executedNames()).filter((name) => !known.has(name));
  return [
    ...pending.map((name) => `The migration ${name} has not run. Run: npm run manage -- migrate`),
    ...unknown.map(
      (name) => `The database has run the migration ${name}, which is not in models/migrations.`,
    ),
  ];
}
