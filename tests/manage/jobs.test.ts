import { describe, expect, test } from "vitest";
import { transaction } from "#models/database.server";
import { Job, type JobState } from "#models/job.server";
import { BUILT, ended, LONG, manage, startNode } from "./processes";

async function jobIn(status: JobState, values: Partial<Job> = {}) {
  const job = { name: "of-no-feature", payload: { n: 1 }, maxAttempts: 3 };
  const id = await transaction((transaction) => Job.add(job, transaction));
  await Job.update({ status, ...values }, { where: { id: id! } });
  return id!;
}
const statuses = async () => (await Job.findAll({ order: ["id"] })).map(({ status }) => status);
const errors = [{ attempt: 3, at: "2026-01-01T00:00:00.000Z", message: "The server said no\n  at line 1" }];

describe("manage jobs", { timeout: LONG }, () => {
  test("counts jobs by state, and lists those that have failed with their last error", async () => {
    const id = await jobIn("failed", { attempts: 3, errors });
    await jobIn("queued");
    const { code, stdout, stderr } = await manage(["jobs"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("1 queued, 0 running, 0 done, 1 failed, 0 discarded");
    expect(stdout).toMatch(new RegExp(`^${id} +of-no-feature +3 of 3 .*The server said no$`, "m"));
  });
  test("--state lists others; one that there is not is an error that names them", async () => {
    const id = await jobIn("queued");
    expect((await manage(["jobs", "--state", "queued"])).stdout).toMatch(new RegExp(`^${id} `, "m"));
    expect(await manage(["jobs", "--state", "lost"])).toMatchObject({
      code: 1,
      stderr: "--state takes one of: queued, running, done, failed, discarded.\n",
    });
  });
  test("--retry queues one again, with all its attempts", async () => {
    const id = await jobIn("failed", { attempts: 3, errors });
    await jobIn("failed");
    expect(await manage(["jobs", "--retry", String(id)])).toMatchObject({
      code: 0,
      stdout: "Queued 1 job again.\n",
    });
    expect(await statuses()).toEqual(["queued", "failed"]);
    expect((await Job.findByPk(id))?.attempts).toBe(0);
  });
  test("--retry all queues every one that has failed, and nothing else", async () => {
    for (const status of ["failed", "failed", "discarded", "done"] as const) await jobIn(status);
    expect((await manage(["jobs", "--retry", "all"])).stdout).toBe("Queued 2 jobs again.\n");
    expect(await statuses()).toEqual(["queued", "queued", "discarded", "done"]);
  });
  test.each(["4711", "0", "x", "99999999999999999999", "1;2"])(
    "--retry %s, which is no job that has failed, is an error and changes nothing",
    async (which) => {
      await jobIn("failed");
      const { code, stderr } = await manage(["jobs", "--retry", which]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/is not there, or has not failed|takes an id, or all/);
      expect(await statuses()).toEqual(["failed"]);
    },
  );
});

describe("manage worker", { timeout: LONG }, () => {
  test("runs what waits, and asks for what the clock asks for", async () => {
    const { DATABASE_URL, PATH, SESSION_SECRET } = process.env;
    const env = { DATABASE_URL, PATH, SESSION_SECRET, LOG_LEVEL: "silent" };
    const name = "sweep-notifications";
    const id = await transaction((transaction) =>
      Job.add({ name, payload: {}, maxAttempts: 1 }, transaction),
    );
    const child = startNode([BUILT, "worker"], { env });
    const end = ended(child);
    await expect.poll(async () => (await Job.findByPk(id!))?.status).toBe("done");
    await expect.poll(() => Job.count({ where: { name: "sweep-jobs", status: "done" } })).toBe(1);
    child.kill("SIGTERM");
    expect(await end).toEqual({ code: 0, stdout: "Running jobs. Ctrl+C ends it.\n", stderr: "" });
  });
});
