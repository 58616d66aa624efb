/** Runs jobs: what a Celery worker stands for. Any number of them, in any number of processes, share one table. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { transaction } from "#models/database.server";
import * as leases from "#models/job-lease.server";
import { onNewJob } from "#models/job-signal.server";
import { inGroups } from "./group-commit.server";
import { Hopeless, type JobType, type Run } from "./jobs.server";
import { log } from "./log.server";
import { giveWay, hadRequests } from "./traffic.server";

interface Options {
  /** Jobs that run at the same time. */
  concurrency?: number;
  /** Milliseconds, all of them. Between two looks for what nobody told of. */
  poll?: number;
  /** A worker that has not been heard of for this long is dead. */
  lease?: number;
  beat?: number;
  /** For how long a claim waits at most for the requests of the process to be answered. */
  way?: number;
}

/** Jobs that are taken at once while people ask for pages: who comes next waits for no more than these. */
const BESIDE_PEOPLE = 2;
/** A worker whose beat has stood still at so many looks is dead. What the database did not answer is no look. */
const LOOKS = 6;
/** Milliseconds after a request in which another is to be expected. */
const PEOPLE_STAY = 1_000;

interface Running {
  job: leases.Claimed;
  controller: AbortController;
}

/** The worker has to stop: its jobs are given back. */
class Stopping extends Error {}

export class Worker {
  readonly name = randomUUID();
  /** Of one job there can be two: an attempt that has lost it, and the next. */
  private readonly running = new Set<Running>();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly seen = new Map<number, { life: string; looks: number }>();
  private readonly options: Required<Options>;
  /** Records completions with nothing of their own to write, many in one commit. */
  private readonly completed = inGroups(async (jobs: leases.Claimed[]) => {
    await leases.completeAll(jobs);
    return jobs;
  });
  private claiming: Promise<void> | undefined;
  private again = false;
  private stopping = false;
  private stopListening = async () => {};

  /** `types` is asked at each run: hot reload may have brought other handlers. */
  constructor(
    private readonly types: () => JobType[],
    options: Options = {},
  ) {
    const { concurrency = 10, poll = 1_000, lease = 30_000, beat = 10_000, way = 50 } = options;
    this.options = { concurrency, poll, lease, beat, way };
  }

  async start() {
    const { poll, lease, beat } = this.options;
    this.stopListening = await onNewJob(() => this.look());
    this.every(poll, () => this.look());
    this.every(beat, async () => {
      const ids = [...this.running].map(({ job }) => job.id);
      if (ids.length > 0) await leases.beat(this.name, ids);
    });
    this.every(lease / LOOKS, () => this.takeOver());
    this.look();
  }

  /** Takes nothing more; what runs gets `grace` milliseconds, and what has not ended then is given back. */
  async stop(grace = 8_000) {
    this.stopping = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.stopListening();
    await this.claiming;
    const deadline = Date.now() + grace;
    while (this.running.size > 0 && Date.now() < deadline) await sleep(20);
    for (const { controller } of this.running) controller.abort(new Stopping());
    if (this.running.size > 0) await leases.giveBack(this.name);
  }

  /** Again and again, but not before it has ended: a slow database is not asked ever more. */
  private every(ms: number, work: () => unknown) {
    let isUnderWay = false;
    const timer = setInterval(async () => {
      if (isUnderWay) return;
      isUnderWay = true;
      try {
        await work();
      } catch (error) {
        log().warn({ err: error }, "jobs: the database did not answer");
      } finally {
        isUnderWay = false;
      }
    }, ms);
    this.timers.push(timer);
  }

  /** Fills the free places: those that become free together with one claim, which costs a commit. */
  private look() {
    this.again = true;
    if (this.claiming || this.stopping) return;
    this.claiming = this.claimAll().finally(() => {
      this.claiming = undefined;
    });
  }

  private async claimAll() {
    const { concurrency, way } = this.options;
    while (this.again && !this.stopping) {
      this.again = false;
      await new Promise((resolve) => setImmediate(resolve));
      await giveWay(way);
      const places = concurrency - this.running.size;
      if (places === 0) return;
      const free = hadRequests(PEOPLE_STAY) ? Math.min(places, BESIDE_PEOPLE) : places;
      try {
        const names = this.types().map(({ name }) => name);
        const jobs = await leases.claim(this.name, names, free);
        for (const job of jobs) this.begin(job);
        if (jobs.length === free && free < places) this.again = true;
      } catch (error) {
        log().warn({ err: error }, "jobs: the database did not answer");
        return;
      }
    }
  }

  private begin(job: leases.Claimed) {
    const controller = new AbortController();
    const running = { job, controller };
    this.running.add(running);
    this.attempt(job, controller)
      .catch((error: unknown) => log().error({ err: error, job: job.id }, "unexpected error"))
      .finally(() => {
        this.running.delete(running);
        this.look();
      });
  }

  private async attempt(job: leases.Claimed, controller: AbortController) {
    const { signal } = controller;
    const type = this.types().find(({ name }) => name === job.name)!;
    const { timeout = 30_000, backoff = 1_000 } = type;
    const timer = setTimeout(() => controller.abort(new Error(`It took longer than ${timeout} ms`)), timeout);
    try {
      await orAborted(signal, this.handle(type, job, signal));
    } catch (error) {
      if (error instanceof Stopping || error instanceof leases.LeaseLost) return;
      const { message } = error as Error;
      const isHopeless = error instanceof Hopeless;
      log().warn({ job: job.id, name: job.name, attempt: job.attempts, err: error }, "job failed");
      await leases.fail(
        job,
        message,
        isHopeless ? null : new Date(Date.now() + pause(backoff, job.attempts)),
      );
    } finally {
      clearTimeout(timer);
    }
  }

  private async handle(type: JobType, job: leases.Claimed, signal: AbortSignal) {
    const payload = type.schema.safeParse(job.payload);
    if (!payload.success) throw new Hopeless(`The payload does not fit: ${z.prettifyError(payload.error)}`);
    const { default: handler } = await type.handler();
    let finished = false;
    const finish: Run["finish"] = (work) =>
      transaction(async (transaction) => {
        signal.throwIfAborted();
        // First, so that nobody else can take the job over until this commits.
        await leases.complete(job, transaction);
        await orAborted(signal, work(transaction));
        finished = true;
      });
    await handler(payload.data, { attempt: job.attempts, signal, finish });
    if (!finished && !signal.aborted) await this.completed(job);
  }

  /** Looks for jobs whose worker has died. By how often it has seen the same beat: no two clocks are compared. */
  private async takeOver() {
    // Of its own those that it has lost: their end could not be recorded.
    const isMine = ({ id }: { id: number }) => [...this.running].some(({ job }) => job.id === id);
    const others = (await leases.held()).filter((job) => !isMine(job));
    for (const job of others) {
      const life = `${job.worker} ${job.attempts} ${job.beat}`;
      const known = this.seen.get(job.id);
      if (known?.life !== life) this.seen.set(job.id, { life, looks: 0 });
      else if (++known.looks >= LOOKS) {
        await leases.fail(job, "The worker died while it ran", new Date());
        this.look();
      }
    }
    const ids = new Set(others.map(({ id }) => id));
    for (const id of this.seen.keys()) if (!ids.has(id)) this.seen.delete(id);
  }
}

/** Milliseconds until the next attempt: doubled at each, and somewhere in the upper half of it (AWS, "jitter"). */
const pause = (backoff: number, attempt: number) =>
  Math.min(backoff * 2 ** (attempt - 1), leases.LONGEST_BACKOFF) * (0.5 + Math.random() / 2);

/** The outcome of `work`, or the reason of the signal where that comes first. */
function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = () => reject(signal.reason);
    if (signal.aborted) give();
    signal.addEventListener("abort", give, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", give));
  });
}
