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

/**
 * The indexes in whose order a statement can be read, without sorting, whichever way the database would choose for as few
 * rows as tests have.
 */
export async function ordersOf(statement: string): Promise<string[]> {
  if (sequelize.getDialect() === "sqlite") {
    const isLookUp = (step: string) => /^CORRELATED|USING INTEGER PRIMARY KEY/.test(step);
    const plan = (await planOf(statement)).filter((step) => !isLookUp(step));
    return plan.map((step) => /USING (?:COVERING )?INDEX (\w+)/.exec(step)?.[1] ?? step);
  }
  return sequelize.transaction(async (transaction) => {
    for (const way of ["seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"])
      await sequelize.query(`SET LOCAL enable_${way} = off`, { transaction });
    const steps = await sequelize.query<Record<"QUERY PLAN", string>>(`EXPLAIN ${statement}`, {
      type: QueryTypes.SELECT,
      transaction,
    });
    const plan = steps.map((step) => step["QUERY PLAN"]);
    return plan.flatMap(
      (step) => /(?:Sort|Seq Scan)\b.*/.exec(step)?.[0] ?? /using (?!users)(\w+)/.exec(step)?.[1] ?? [],
    );
  });
}

/** How SQLite reads a statement, a line a step: `SEARCH … USING INDEX …`, `SCAN …`, `USE TEMP B-TREE FOR ORDER BY`. */
export async function planOf(statement: string): Promise<string[]> {
  const steps = await sequelize.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${statement}`, {
    type: QueryTypes.SELECT,
  });
  return steps.map(({ detail }) => detail);
}
