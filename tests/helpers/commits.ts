/** Commits that fail. */
import { vi } from "vitest";
import { sequelize } from "#models/database.server";

const queries = () =>
  sequelize.getQueryInterface() as unknown as { commitTransaction(...args: unknown[]): Promise<void> };

/** Sequelize says so itself where a commit failed. */
const expected = () => vi.spyOn(console, "warn").mockImplementation(() => {});

/** The next commit is not done, and its transaction comes to nothing. */
export function failingCommit(message: string) {
  expected();
  vi.spyOn(queries(), "commitTransaction").mockRejectedValueOnce(new Error(message));
}
