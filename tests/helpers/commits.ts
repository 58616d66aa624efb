/** Commits that fail. */
import { vi } from "vitest";
import { sequelize } from "#models/database.server";

type Client = { query(sql: string): Promise<unknown>; connection: { stream: { destroy(): void } } };

const queries = () =>
  sequelize.getQueryInterface() as unknown as { commitTransaction(...args: unknown[]): Promise<void> };

/** Sequelize says so itself where a commit failed. */
const expected = () => vi.spyOn(console, "warn").mockImplementation(() => {});

/** The next commit is not done, and its transaction comes to nothing. */
export function failingCommit(message: string) {
  expected();
  vi.spyOn(queries(), "commitTransaction").mockRejectedValueOnce(new Error(message));
}

/**
 * The next commit is done, and nobody hears of it: the connection breaks before the answer. Postgres is still at it when the
 * error is there.
 */
export function unansweredCommit(message: string) {
  expected();
  const commit = queries().commitTransaction.bind(queries());
  vi.spyOn(queries(), "commitTransaction").mockImplementationOnce(async (...args) => {
    const { connection } = args[0] as { connection: Client };
    if (sequelize.getDialect() === "sqlite") await commit(...args);
    else {
      connection.query("SELECT pg_sleep(0.5); COMMIT").catch(() => {});
      // By now it has been sent.
      await new Promise((resolve) => setTimeout(resolve, 50));
      connection.connection.stream.destroy();
    }
    throw new Error(message);
  });
}
