import type { Transaction } from "sequelize";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { sequelize, transaction } from "#models/database.server";
import { Group } from "#models/group.server";
import { Job, type JobState } from "#models/job.server";
import * as leases from "#models/job-lease.server";
import { defineJob, enqueue, enqueueAll, type JobType, type Run } from "~/services/jobs.server";
import { startSchedule } from "~/services/schedule.server";
import { requestBegan } from "~/services/traffic.server";
import { Worker } from "~/services/worker.server";

const schema = z.object({ n: z.number() });
type Payload = z.output<typeof schema>;
const workers: Worker[] = [];

const jobOf = (
  handle: (payload: Payload, run: Run) => Promise<unknown> | unknown,
  options: Partial<JobType<Payload>> = {},
) =>
  defineJob<Payload>({
    name: "test",
    schema,
    backoff: 1,
    handler: async () => ({
      async default(payload, run) {
        await handle(payload, run);
      },
    }),
    ...options,
  });
const ask = (job: JobType<Payload>, n = 1, options: { key?: string; runAt?: Date } = {}) =>
  transaction((transaction) => enqueue(job, { n }, { transaction, ...options }));

/** Milliseconds: a busy machine may keep a worker that lives from telling so for a good part of them. */
const LEASE = 2_000;

/** Workers as quick as tests need them. */
async function work(types: JobType<Payload>[], options: ConstructorParameters<typeof Worker>[1] = {}) {
  const worker = new Worker(() => types as JobType[], { poll: 50, lease: LEASE, beat: 100, ...options });
  workers.push(worker);
  await worker.start();
  return worker;
}
const only = async () => (await Job.findOne({ rejectOnEmpty: true })).reload();
const until = (state: JobState, count = 1) =>
  expect.poll(async () => (await Job.counts())[state]).toBe(count);

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(workers.splice(0).map((worker) => worker.stop(0)));
});

describe("asking for a job", () => {
  it("is part of the transaction: rolled back with it, there if it commits", async () => {
    const job = jobOf(() => {});
    const rolledBack = transaction(async (transaction) => {
      await enqueue(job, { n: 1 }, { transaction });
      throw new Error("no");
    });
    await expect(rolledBack).rejects.toThrow("no");
    expect(await Job.count()).toBe(0);
    await ask(job);
    expect(await only()).toMatchObject({ name: "test", payload: { n: 1 }, status: "queued", attempts: 0 });
  });
  it("with a payload that does not fit is refused at once", async () => {
    const wrong = transaction((transaction) =>
      enqueue(
        jobOf(() => {}),
        { n: "one" } as unknown as Payload,
        { transaction },
      ),
    );
    await expect(wrong).rejects.toThrow(z.ZodError);
  });
  it("may be for thousands at once: all of them, or none", async () => {
    const job = jobOf(() => {});
    const payloads = Array.from({ length: 7_000 }, (_, n) => ({ payload: { n }, key: String(n % 6_999) }));
    const askAll = (transaction: Transaction) => enqueueAll(job, payloads, { transaction });
    const rolledBack = transaction(async (transaction) => {
      await askAll(transaction);
      throw new Error("no");
    });
    await expect(rolledBack).rejects.toThrow("no");
    expect(await Job.count()).toBe(0);
    const ids = await transaction(askAll);
    expect([ids.length, await Job.count()]).toEqual([6_999, 6_999]);
  });
  it("with a key makes one job of it, however many ask, also at the same time", async () => {
    const job = jobOf(() => {});
    const ids = await Promise.all(Array.from({ length: 20 }, () => ask(job, 1, { key: "only" })));
    expect(ids.filter((id) => id !== null)).toHaveLength(1);
    await ask(job, 2, { key: "other" });
    expect(await Job.count()).toBe(2);
  });
  it.each(["', (SELECT 1)) --", ":name $name ?", "\\", "🔑", "a\nb"])(
    "keeps what is asked: %j",
    async (text) => {
      const texts = defineJob({ name: "texts", schema: z.object({ text: z.string() }), handler: vi.fn() });
      await transaction((transaction) => enqueue(texts, { text }, { transaction, key: text }));
      expect(await only()).toMatchObject({ payload: { text }, key: text });
    },
  );
});

describe("a worker", () => {
  it("loads what a job does when it first runs, and not before", async () => {
    const handler = vi.fn(async () => ({ default: async () => {} }));
    const job = jobOf(() => {}, { handler });
    const worker = await work([job]);
    const later = await ask(job, 1, { runAt: new Date(Date.now() + 60_000) });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(handler).not.toHaveBeenCalled();
    await Job.update({ runAt: null }, { where: { id: later! } });
    await until("done");
    expect(handler).toHaveBeenCalledTimes(1);
    await worker.stop();
  });
  it("runs what is asked for at once, and each once", async () => {
    const seen: number[] = [];
    const job = jobOf(({ n }) => seen.push(n));
    await work([job], { poll: 60_000 });
    for (let n = 1; n <= 50; n += 1) await ask(job, n);
    await until("done", 50);
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
  });
  it("shares with others: of three no two run the same", async () => {
    const seen: number[] = [];
    const job = jobOf(({ n }) => seen.push(n));
    for (let n = 1; n <= 100; n += 1) await ask(job, n);
    await Promise.all(Array.from({ length: 3 }, () => work([job], { lease: 60_000 })));
    await until("done", 100);
    expect(new Set(seen).size).toBe(100);
    expect(seen).toHaveLength(100);
  });
  it("takes no more than it has places, also where the database thinks that there is one row", async () => {
    await ask(jobOf(() => {}));
    await sequelize.query("ANALYZE jobs");
    await Job.destroy({ where: {} });
    for (let n = 0; n < 4; n += 1) await ask(jobOf(() => {}));
    const taken = await leases.claim("a worker", ["test"], 2);
    expect(taken).toHaveLength(2);
    expect(await Job.counts()).toMatchObject({ running: 2, queued: 2 });
  });
  it("waits for the time of a job", async () => {
    const begun: number[] = [];
    const job = jobOf(() => begun.push(Date.now()));
    const runAt = Date.now() + 600;
    await ask(job, 1, { runAt: new Date(runAt) });
    await work([job]);
    await until("done");
    expect(begun[0]).toBeGreaterThanOrEqual(runAt);
  });
  it("leaves jobs that it does not know to others", async () => {
    await ask(jobOf(() => {}, { name: "of another version" }));
    await work([jobOf(() => {})]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await only()).status).toBe("queued");
    await work([jobOf(() => {}, { name: "of another version" })]);
    await until("done");
  });
  it("tries again what fails, and keeps every error; after the last attempt it has failed", async () => {
    let tries = 0;
    const job = jobOf(
      () => {
        tries += 1;
        throw new Error(`attempt ${tries}`);
      },
      { attempts: 3 },
    );
    await ask(job);
    await work([job]);
    await until("failed");
    const { attempts, errors, finishedAt, worker } = await only();
    expect([tries, attempts, worker]).toEqual([3, 3, null]);
    expect(errors.map(({ attempt, message }) => [attempt, message])).toEqual([
      [1, "attempt 1"],
      [2, "attempt 2"],
      [3, "attempt 3"],
    ]);
    expect(finishedAt).toBeInstanceOf(Date);
  });
  it("waits longer before each attempt, within a range, so that many do not come back together", async () => {
    const job = jobOf(
      () => {
        throw new Error("no");
      },
      { backoff: 60_000 },
    );
    for (let n = 0; n < 8; n += 1) await ask(job, n);
    await work([job]);
    await expect.poll(() => Job.count({ where: { status: "queued", attempts: 1 } })).toBe(8);
    const waits = (await Job.findAll()).map(({ runAt }) => runAt!.getTime() - Date.now());
    for (const wait of waits) {
      expect(wait).toBeGreaterThan(15_000);
      expect(wait).toBeLessThanOrEqual(60_000);
    }
    expect(new Set(waits.map((wait) => Math.round(wait / 100))).size).toBeGreaterThan(4);
  });
  it.each([
    [1, 60_000],
    [2, 120_000],
    [3, 240_000],
    [4, 480_000],
    [5, 600_000],
    [12, 600_000],
  ])(
    "waits twice as long after each, up to ten minutes: after attempt %i at most %i ms",
    async (attempt, most) => {
      const job = jobOf(
        () => {
          throw new Error("no");
        },
        { backoff: 60_000, attempts: 20 },
      );
      await ask(job);
      await Job.update({ attempts: attempt - 1 }, { where: {} });
      const before = Date.now();
      await work([job]);
      await expect.poll(() => only()).toMatchObject({ status: "queued", attempts: attempt });
      const wait = (await only()).runAt!.getTime() - before;
      expect(wait).toBeGreaterThanOrEqual(most / 2);
      expect(wait).toBeLessThanOrEqual(most + Date.now() - before);
    },
  );
  it("gives up a handler that hangs when its time is up, and tells it", async () => {
    let told = false;
    const job = jobOf(
      (_, { signal }) => {
        signal.addEventListener("abort", () => {
          told = true;
        });
        return new Promise(() => {});
      },
      { timeout: 50, attempts: 1 },
    );
    await ask(job);
    await work([job]);
    await until("failed");
    expect((await only()).errors[0]!.message).toBe("It took longer than 50 ms");
    expect(told).toBe(true);
  });
  it("gives up a handler that hangs in its transaction, and others write on", async () => {
    const job = jobOf((_, { finish }) => finish(() => new Promise(() => {})), { timeout: 100, attempts: 1 });
    await ask(job);
    await work([job]);
    await until("failed");
    await Group.create({ name: "written after it" });
  });
  it("fails a payload that no longer fits its schema, with that reason, and does not try again", async () => {
    const job = jobOf(() => {});
    await ask(job);
    await Job.update({ payload: { n: "one" } }, { where: {} });
    await work([job]);
    await until("failed");
    const { attempts, errors } = await only();
    expect(attempts).toBe(1);
    expect(errors[0]!.message).toContain("The payload does not fit");
    expect(errors[0]!.message).toContain("expected number");
  });
  it("runs what waits although the clock was set back an hour meanwhile", async () => {
    const job = jobOf(() => {});
    await ask(job);
    const hourAhead = new Date(Date.now() + 60 * 60_000);
    await Job.update({ createdAt: hourAhead }, { where: {} });
    await ask(job, 2);
    await Job.update({ runAt: hourAhead, attempts: 1 }, { where: { key: null, id: (await only()).id } });
    await work([job]);
    await until("done", 2);
  });
});

describe("a worker whose clock is set back an hour", () => {
  it("runs what was asked for before and after it, and tries again what has failed before it", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    let tries = 0;
    const seen: number[] = [];
    const job = jobOf(({ n }) => {
      if (n === 1 && ++tries < 3) throw new Error("not yet");
      seen.push(n);
    });
    await ask(job, 1);
    await ask(job, 2);
    await work([{ ...job, backoff: 60_000 }]);
    await expect.poll(() => Job.count({ where: { status: "queued", attempts: 1 } })).toBe(1);
    vi.setSystemTime(Date.now() - 60 * 60_000);
    await ask(job, 3);
    await expect.poll(() => seen.toSorted()).toEqual([2, 3]);
    // What is put off by more than any wait is due at once; what is put off after it waits by the new clock.
    await expect.poll(() => Job.count({ where: { status: "queued", attempts: 2 } })).toBe(1);
    vi.setSystemTime(Date.now() + 3 * 60_000);
    await until("done", 3);
  });
  it("takes no job from a worker that lives, and leaves none with a dead one", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    let begun = 0;
    let hold = () => {};
    const job = jobOf(async () => {
      begun += 1;
      await new Promise<void>((resolve) => {
        hold = resolve;
      });
    });
    await ask(job);
    await work([job]);
    await expect.poll(() => begun).toBe(1);
    vi.setSystemTime(Date.now() - 60 * 60_000);
    await work([job]);
    await new Promise((resolve) => setTimeout(resolve, 1.5 * LEASE));
    expect(begun).toBe(1);
    hold();
    await until("done");

    await ask(job, 2);
    await Job.update({ status: "running", worker: "dead", attempts: 1 }, { where: { status: "queued" } });
    await expect.poll(() => begun).toBe(2);
    hold();
    await until("done", 2);
  });
});

describe("a worker beside requests", () => {
  const letGo: (() => void)[] = [];
  afterEach(() => {
    for (const end of letGo.splice(0)) end();
  });
  it("takes nothing while one is under way, and all as soon as it is answered", async () => {
    letGo.push(requestBegan());
    const job = jobOf(() => {});
    await ask(job);
    await work([job], { way: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await only()).status).toBe("queued");
    letGo.pop()!();
    await until("done");
  });
  it("does not wait for one that is a stream and does not end", async () => {
    letGo.push(requestBegan());
    const job = jobOf(() => {});
    await ask(job);
    await work([job]);
    await until("done");
  });
});

describe("an outage of the database", () => {
  afterEach(() => vi.restoreAllMocks());
  it("that is longer than workers have to tell that they live takes no job from one that does", async () => {
    let begun = 0;
    let end = () => {};
    const job = jobOf(async () => {
      begun += 1;
      await new Promise<void>((resolve) => {
        end = resolve;
      });
    });
    await ask(job);
    await work([job], { lease: 60_000 });
    await expect.poll(() => begun).toBe(1);
    const looks = vi.spyOn(leases, "held");
    const haveLooked = (times: number) => {
      const answered = () => looks.mock.settledResults.filter(({ type }) => type === "fulfilled");
      return expect.poll(() => answered().length).toBeGreaterThanOrEqual(times);
    };
    const beats = vi.spyOn(leases, "beat").mockRejectedValue(new Error("no answer"));
    await work([job], { lease: 1_200 });
    await haveLooked(2);
    looks.mockRejectedValue(new Error("no answer"));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    looks.mockReset();
    await haveLooked(1);
    looks.mockRejectedValue(new Error("no answer"));
    const { beat } = await only();
    beats.mockRestore();
    await expect.poll(async () => (await only()).beat).toBeGreaterThan(beat);
    looks.mockReset();
    await haveLooked(2);
    end();
    await until("done");
    expect([begun, (await only()).errors]).toEqual([1, []]);
  });
});

describe("a job that a worker has lost", () => {
  it("is not completed by its earlier attempt, also where that was the same worker's", async () => {
    await ask(jobOf(() => {}));
    const [first] = await leases.claim("a worker", ["test"], 1);
    await leases.fail(first!, "It was taken over", new Date());
    const [second] = await leases.claim("a worker", ["test"], 1);
    await leases.completeAll([first!]);
    expect(await only()).toMatchObject({ status: "running", attempts: 2 });
    await leases.completeAll([second!, first!]);
    expect((await only()).status).toBe("done");
  });
  it("and has claimed again stays its own when the earlier attempt ends", async () => {
    const goOn: (() => void)[] = [];
    const job = jobOf(() => new Promise<void>((resolve) => goOn.push(resolve)));
    await ask(job);
    await work([job]);
    await expect.poll(() => goOn).toHaveLength(1);
    // A beat may come between.
    await expect.poll(async () => leases.fail((await leases.held())[0]!, "lost", new Date())).toBe(true);
    await expect.poll(() => goOn).toHaveLength(2);
    goOn[0]!();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect([goOn.length, (await only()).status]).toEqual([2, "running"]);
    goOn[1]!();
    await until("done");
    expect((await only()).errors.map(({ message }) => message)).toEqual(["lost"]);
  });
});

describe("what a handler writes in finish", () => {
  it("is there together with the completion", async () => {
    const job = jobOf(({ n }, { finish }) =>
      finish((transaction) => Group.create({ name: `group ${n}` }, { transaction })),
    );
    for (let n = 1; n <= 20; n += 1) await ask(job, n);
    await work([job]);
    await until("done", 20);
    expect(await Group.count()).toBe(20);
  });
  it("is not there where the handler fails in it, and the job is tried again", async () => {
    let tries = 0;
    const job = jobOf((_, { finish }) =>
      finish(async (transaction) => {
        await Group.create({ name: "once" }, { transaction });
        tries += 1;
        if (tries < 3) throw new Error("not yet");
      }),
    );
    await ask(job);
    await work([job]);
    await until("done");
    expect([tries, await Group.count()]).toEqual([3, 1]);
  });
  it("is not there where the time was up before, although the handler goes on", async () => {
    let goOn = () => {};
    let refused: unknown;
    const job = jobOf(
      async (_, { finish }) => {
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        await finish((transaction) => Group.create({ name: "late" }, { transaction })).catch((error) => {
          refused = error;
        });
      },
      { timeout: 50, attempts: 1 },
    );
    await ask(job);
    await work([job]);
    await until("failed");
    goOn();
    await expect.poll(() => refused).toBeInstanceOf(Error);
    expect(await Group.count()).toBe(0);
  });
  it("is there once where the time of the first attempt was up, and it ends while the second is under way", async () => {
    let goOn = () => {};
    let ended = () => {};
    const late = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const isOver = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const job = jobOf(
      async (_, { attempt, finish }) => {
        const write = () =>
          finish((transaction) => Group.create({ name: `attempt ${attempt}` }, { transaction }));
        if (attempt === 1) {
          await late;
          await write().catch(() => {});
          return ended();
        }
        goOn();
        await isOver;
        await new Promise((resolve) => setTimeout(resolve, 200));
        await write();
      },
      { timeout: 3_000, attempts: 2 },
    );
    await ask(job);
    await work([job]);
    await until("done");
    expect((await Group.findAll()).map(({ name }) => name)).toEqual(["attempt 2"]);
    expect((await only()).errors.map(({ message }) => message)).toEqual(["It took longer than 3000 ms"]);
  });
  it("is not there where the job is somebody else's by then: it has one effect", async () => {
    let waiting = 0;
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const job = jobOf(async (_, { attempt, finish }) => {
      if (attempt === 1) {
        waiting += 1;
        await held;
      }
      await finish((transaction) => Group.create({ name: `attempt ${attempt}` }, { transaction }));
    });
    await ask(job);
    // It never tells that it lives, and so is taken for dead.
    await work([job], { beat: 60_000 });
    await expect.poll(() => waiting).toBe(1);
    await work([job]);
    await until("done");
    goOn();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await Group.findAll()).map(({ name }) => name)).toEqual(["attempt 2"]);
    expect((await only()).errors[0]!.message).toBe("The worker died while it ran");
  });
  it("can be written once only", async () => {
    let refused: unknown;
    const job = jobOf(async (_, { finish }) => {
      await finish(async () => {});
      refused = await finish((transaction) => Group.create({ name: "twice" }, { transaction })).catch(
        (error) => error,
      );
    });
    await ask(job);
    await work([job]);
    await until("done");
    await expect.poll(() => refused).toBeInstanceOf(Error);
    expect(await Group.count()).toBe(0);
  });
});

describe("a worker that lives", () => {
  it("keeps a job that takes longer than a lease", async () => {
    let runs = 0;
    const job = jobOf(async () => {
      runs += 1;
      await new Promise((resolve) => setTimeout(resolve, 2 * LEASE));
    });
    await ask(job);
    await Promise.all([work([job]), work([job])]);
    await until("done");
    expect(runs).toBe(1);
  });
});

describe("a worker that stops", () => {
  it("waits for what runs, takes nothing more", async () => {
    let ended = 0;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const job = jobOf(async () => {
      await held;
      ended += 1;
    });
    for (let n = 0; n < 4; n += 1) await ask(job, n);
    const worker = await work([job], { concurrency: 2 });
    await until("running", 2);
    const stopped = worker.stop(5_000);
    release();
    await stopped;
    expect(ended).toBe(2);
    expect(await Job.counts()).toMatchObject({ done: 2, queued: 2, running: 0 });
  });
  it("gives back what has not ended by then, as if it had never begun", async () => {
    const job = jobOf(() => new Promise(() => {}));
    await ask(job);
    const worker = await work([job]);
    await until("running");
    await worker.stop(100);
    expect(await only()).toMatchObject({ status: "queued", attempts: 0, worker: null, errors: [] });
  });
});

describe("recurring jobs", () => {
  const empty = z.object({}) as z.ZodType<Record<string, never>>;
  const nightly = defineJob({ name: "nightly", schema: empty, handler: vi.fn() });
  const stops: (() => void)[] = [];
  beforeEach(() => {
    for (const stop of stops.splice(0)) stop();
  });
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });
  const start = (at: string) => {
    stops.push(
      startSchedule(
        () => [{ job: nightly, cron: "0 3 * * *" }],
        () => new Date(at),
      ),
    );
  };
  const slots = async () => (await Job.findAll({ order: ["key"] })).map(({ key }) => key);

  it("are asked for once a slot, however many processes do", async () => {
    for (let n = 0; n < 5; n += 1) start("2026-05-02T03:00:01Z");
    await expect.poll(() => slots()).toEqual(["2026-05-02T03:00:00.000Z"]);
    start("2026-05-02T23:59:00Z");
    start("2026-05-03T03:00:01Z");
    await expect.poll(() => slots()).toEqual(["2026-05-02T03:00:00.000Z", "2026-05-03T03:00:00.000Z"]);
  });
  it("are made up for once where nothing ran at their time, the last slot only", async () => {
    start("2026-05-09T12:00:00Z");
    await expect.poll(() => slots()).toEqual(["2026-05-09T03:00:00.000Z"]);
  });
  it("are not asked for again where the clock is set back", async () => {
    start("2026-05-02T03:30:00Z");
    await expect.poll(() => slots()).toHaveLength(1);
    start("2026-05-02T03:10:00Z");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await slots()).toHaveLength(1);
  });
});

describe("the table of jobs", () => {
  it("loses what was done more than seven days ago, and nothing else", async () => {
    const job = jobOf(() => {});
    for (let n = 0; n < 4; n += 1) await ask(job, n);
    const [old, recent, failed] = await Job.findAll({ order: ["id"] });
    const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60_000);
    await old!.update({ status: "done", finishedAt: daysAgo(8) });
    await recent!.update({ status: "done", finishedAt: daysAgo(6) });
    await failed!.update({ status: "failed", finishedAt: daysAgo(30) });
    expect(await Job.sweep(7)).toBe(1);
    expect(await Job.counts()).toMatchObject({ done: 1, failed: 1, queued: 1 });
  });
});
