/** Two that wait for each other's rows, on Postgres. SQLite has one writer at a time. */
import { type Model, type ModelStatic, QueryTypes } from "sequelize";
import { retryingTransaction, sequelize } from "#models/database.server";
import type { User } from "#models/user.server";

const IS_WAITED_FOR =
  "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))";

/**
 * Runs `work` while somebody is about to be deleted: a transaction that has locked the person locks `row`, which refers to
 * them, once `work` waits for it.
 */
export async function whileDeleted<T>(person: User, row: Model, work: () => Promise<T>): Promise<T> {
  let begin = () => {};
  let isDone = false;
  const done = new Promise<void>((resolve) => {
    begin = resolve;
  })
    .then(work)
    .finally(() => {
      isDone = true;
    });
  // Told to who waits for it, below.
  done.catch(() => {});
  await retryingTransaction(async (transaction) => {
    await person.reload({ transaction, lock: true });
    begin();
    const isWaitedFor = () => sequelize.query(IS_WAITED_FOR, { type: QueryTypes.SELECT, transaction });
    while (!isDone && (await isWaitedFor()).length === 0);
    const model = row.constructor as ModelStatic<Model>;
    await model.findByPk(row.get("id") as number, { transaction, lock: true, paranoid: false });
  });
  return done;
}
