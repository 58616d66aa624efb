import { Socket } from "node:net";
import pg from "pg";
import { QueryTypes } from "sequelize";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { sequelize, transaction } from "#models/database.server";
import { Job } from "#models/job.server";
import { onNewJob } from "#models/job-signal.server";

// SQLite has no connections that hear of others.
const onPostgres = sequelize.getDialect() === "postgres" ? it : () => {};

/** Listens for the time of a test. */
async function listen() {
  const wake = vi.fn();
  onTestFinished(await onNewJob(wake));
  wake.mockClear();
  return wake;
}
const add = (name: string) =>
  transaction((transaction) => Job.add({ name, payload: {}, maxAttempts: 1 }, transaction));

describe("who waits for jobs", () => {
  it("is told of one once it is stored, and of none that is not", async () => {
    const wake = await listen();
    const undone = transaction(async (transaction) => {
      await Job.add({ name: "undone", payload: {}, maxAttempts: 1 }, transaction);
      throw new Error("no");
    });
    await expect(undone).rejects.toThrow("no");
    expect(wake).not.toHaveBeenCalled();
    await add("done");
    await expect.poll(() => wake.mock.calls.length).toBe(1);
  });
  onPostgres("and could not be heard tries again, and leaves no connection behind", async () => {
    const query = pg.Client.prototype.query;
    const fails = "SELECT 1 / 0";
    vi.spyOn(pg.Client.prototype, "query").mockImplementationOnce(function (this: pg.Client) {
      return Reflect.apply(query, this, [fails]);
    });
    const wake = await listen();
    await expect.poll(() => wake.mock.calls.length).toBe(1);
    const last = `SELECT query FROM pg_stat_activity
      WHERE datname = current_database() AND query IN ('${fails}', 'LISTEN tenfold_jobs')`;
    const connections = () => sequelize.query(last, { type: QueryTypes.SELECT });
    await expect.poll(connections).toEqual([{ query: "LISTEN tenfold_jobs" }]);
    await add("heard");
    await expect.poll(() => wake.mock.calls.length).toBe(2);
  });
  onPostgres("notices also where the other end is gone without a word", async () => {
    const setKeepAlive = vi.spyOn(Socket.prototype, "setKeepAlive");
    await listen();
    expect(setKeepAlive).toHaveBeenCalledWith(true, expect.anything());
  });
});
