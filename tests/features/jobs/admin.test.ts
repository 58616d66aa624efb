import { beforeEach, describe, expect, it } from "vitest";
import { transaction } from "#models/database.server";
import { Job, type JobState } from "#models/job.server";
import { claim } from "#models/job-lease.server";
import { signedIn } from "../../helpers/people";
import { adminOf } from "../admin/admin";

let admin: ReturnType<typeof adminOf>;

beforeEach(async () => {
  admin = adminOf(
    (await signedIn({ username: "boss", isStaff: true, isSuperuser: true })).cookie,
    "jobs",
    "job",
  );
});

async function jobIn(status: JobState, values: Partial<Job> = {}) {
  const id = await transaction((transaction) =>
    Job.add({ name: "test", payload: { n: 1 }, maxAttempts: 3 }, transaction),
  );
  await Job.update({ status, ...values }, { where: { id: id! } });
  return id!;
}
const find = async (id: number) => (await Job.findByPk(id, { rejectOnEmpty: true })).reload();
const press = (action: string, ...ids: number[]) => admin.bulk({ action, id: ids.map(String), confirm: "1" });

describe("the admin of jobs", () => {
  it("shows what is queued, running, done and failed, with attempts, the last error and the next run", async () => {
    const errors = [{ attempt: 1, at: "2026-01-01T00:00:00.000Z", message: "The server said no" }];
    await jobIn("failed", { attempts: 3, errors });
    await jobIn("queued", { runAt: new Date("2099-01-01T09:30:00Z") });
    await jobIn("queued");
    const { columns, rows } = (await admin.list()).data;
    const cell = (row: number, label: string) =>
      rows[row].cells[columns.findIndex((column: { label: string }) => column.label === label)];
    expect(cell(0, "Next run")).toBe("now");
    expect(cell(1, "Next run")).toBe("2099-01-01 09:30");
    expect([cell(2, "Status"), cell(2, "Attempts"), cell(2, "Last error")]).toEqual([
      "failed",
      "3",
      "The server said no",
    ]);
    expect((await admin.list("?status=failed")).data.rows).toHaveLength(1);
  });
  it("shows payload and every error of one", async () => {
    const id = await jobIn("failed", { errors: [{ attempt: 1, at: "x", message: "first" }] });
    const { facts, view } = (await admin.form(id)).data;
    expect(view).toBeNull();
    const fact = (label: string) => facts.find((fact: { label: string }) => fact.label === label).text;
    expect(JSON.parse(fact("Payload"))).toEqual({ n: 1 });
    expect(fact("Errors")).toContain("first");
  });
  it("offers on the page of one what can be done with it, to who may", async () => {
    const labels = async (id: number, by = admin) =>
      (await by.form(id)).data.links.map(({ label }: { label: string }) => label);
    expect(await labels(await jobIn("failed"))).toEqual(["Retry", "Discard"]);
    expect(await labels(await jobIn("queued"))).toEqual(["Discard"]);
    expect(await labels(await jobIn("discarded"))).toEqual(["Retry"]);
    expect(await labels(await jobIn("running"))).toEqual([]);
    const done = await jobIn("done");
    expect(await labels(done)).toEqual([]);
    const { user, cookie } = await signedIn({ username: "reader", isStaff: true });
    await user.setPermissions(["view_job"]);
    expect(await labels(await jobIn("failed"), adminOf(cookie, "jobs", "job"))).toEqual([]);
  });
  it("cannot be added to or edited", async () => {
    const id = await jobIn("failed");
    expect((await admin.addForm()).status).toBe(404);
    expect((await admin.change(id, { status: "done" })).status).toBe(404);
  });
  it("retries what has failed or was discarded, one or many, with all attempts and the errors kept", async () => {
    const errors = [{ attempt: 3, at: "x", message: "no" }];
    const failed = await jobIn("failed", { attempts: 3, errors, finishedAt: new Date() });
    const discarded = await jobIn("discarded");
    await press("retry", failed, discarded);
    expect(await find(failed)).toMatchObject({ status: "queued", attempts: 0, finishedAt: null, errors });
    expect((await find(discarded)).status).toBe("queued");
  });
  it("discards what waits or has failed: it stays on record and never runs", async () => {
    const [queued, failed] = [await jobIn("queued"), await jobIn("failed")];
    await press("discard", queued, failed);
    expect([(await find(queued)).status, (await find(failed)).status]).toEqual(["discarded", "discarded"]);
    expect(await claim("w", ["test"], 10)).toEqual([]);
  });
  it.each(["retry", "discard"])("leaves what is done as it is: %s", async (action) => {
    const id = await jobIn("done");
    await press(action, id);
    expect((await find(id)).status).toBe("done");
  });
  it.each(["retry", "discard", "delete"])(
    "does not take what runs out of a worker's hands: %s",
    async (action) => {
      const id = await jobIn("running", { worker: "w", attempts: 1 });
      await press(action, id);
      expect(await find(id)).toMatchObject({ status: "running", worker: "w" });
    },
  );
  it("asks for the permission to change jobs", async () => {
    const { user, cookie } = await signedIn({ username: "viewer", isStaff: true });
    await user.setPermissions(["view_job"]);
    const id = await jobIn("failed");
    await adminOf(cookie, "jobs", "job").bulk({ action: "retry", id: String(id), confirm: "1" });
    expect((await find(id)).status).toBe("failed");
  });
});
