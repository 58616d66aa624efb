import { describe, expect, it } from "vitest";
import { Activity } from "#models/activity.server";
import { transaction } from "#models/database.server";
import { Job } from "#models/job.server";
import { Session } from "#models/session.server";
import { TRASH_DAYS } from "#models/trash.server";
import { User } from "#models/user.server";
import { recurring } from "~/features/jobs/feature.server";
import { featureServers } from "~/features.server";
import type { Run } from "~/services/jobs.server";
import { Sample } from "../admin/sample";

// What the history keeps of one.
Object.assign(Sample, { noted: ["title"] });

const DAY = 24 * 60 * 60 * 1000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY);

/** Does what the clock asks for under this name. */
async function sweep(name: string) {
  const { job } = recurring.find(({ job }) => job.name === name)!;
  const { default: handler } = await job.handler();
  await handler({}, {} as Run);
}

describe("by the clock", () => {
  it("what has been in a trash for 30 days is deleted for good, and that is noted; the rest stays", async () => {
    const old = await Sample.create({ title: "old", deletedAt: daysAgo(TRASH_DAYS + 1) });
    await Sample.create({ title: "recent", deletedAt: daysAgo(TRASH_DAYS - 1) });
    await Sample.create({ title: "here" });
    await sweep("sweep-trash");
    const left = await Sample.findAll({ paranoid: false, order: ["id"] });
    expect(left.map(({ title }) => title)).toEqual(["recent", "here"]);
    expect(await Activity.of("sample", old.id)).toMatchObject([{ deed: "erase", userName: "The trash" }]);
  });
  it("sessions that have expired are deleted, and no others", async () => {
    const user = await User.add({ username: "ada" });
    const client = { ip: "127.0.0.1", userAgent: "test" };
    for (let n = 0; n < 2; n++) await Session.start(user, client);
    const [first] = await Session.findAll();
    await first!.update({ expiresAt: daysAgo(1) });
    await sweep("sweep-sessions");
    expect(await Session.count()).toBe(1);
  });
  it("jobs that were done 7 days ago are deleted, and no others", async () => {
    for (const days of [6, 8]) {
      const job = { name: "test", payload: {}, maxAttempts: 1 };
      const id = await transaction((transaction) => Job.add(job, transaction));
      await Job.update({ status: "done", finishedAt: daysAgo(days) }, { where: { id: id! } });
    }
    await sweep("sweep-jobs");
    expect(await Job.count()).toBe(1);
  });
});

describe("the jobs of all features", () => {
  const jobs = featureServers.flatMap(({ jobs = [] }) => jobs);
  it("have a name of their own each", () => {
    expect(new Set(jobs.map(({ name }) => name)).size).toBe(jobs.length);
  });
  it("hold those that the clock asks for: nobody else would run them", () => {
    const asked = featureServers.flatMap(({ recurring = [] }) => recurring.map(({ job }) => job.name));
    expect(asked.filter((name) => !jobs.some((job) => job.name === name))).toEqual([]);
  });
  it.each(jobs.map((job) => [job.name, job] as const))("%s has a handler that loads", async (_, job) => {
    expect((await job.handler()).default).toBeTypeOf("function");
  });
});
