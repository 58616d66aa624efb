import { QueryTypes } from "sequelize";
import { sequelize } from "#models/database.server";

/** The statements that some work runs, in order. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const { options } = sequelize as unknown as { options: { logging: unknown } };
  options.logging = (line: string) => statements.push(line.replace(/^Execut\w+ \([^)]*\): /, ""));
  await work().finally(() => {
    options.logging = false;
  });
  return statements;
}

/** How SQLite reads a statement, a line a step: `SEARCH … USING INDEX …`, `SCAN …`, `USE TEMP B-TREE FOR ORDER BY`. */
export async function planOf(statement: string): Promise<string[]> {
  const steps = await sequelize.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${statement}`, {
    type: QueryTypes.SELECT,
  });
  return steps.map(({ detail }) => detail);
}
