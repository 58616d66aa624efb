import { describe, expect, it, onTestFinished } from "vitest";
import { connect } from "#models/database.server";
import { startMailServer } from "../helpers/mail-server";
import { LONG, startServer } from "../helpers/server";
import { startWorker } from "../helpers/worker";

/** So many mails wait to be sent, each by a job. */
const DESKS = Array.from({ length: 12 }, (_, n) => `desk-${n}@example.com`);
/** What one process runs at the same time. */
const AT_ONCE = 10;

async function ask(databaseUrl: string, ...statements: string[]) {
  const database = connect(databaseUrl);
  const answers = await Promise.all(statements.map((sql) => database.query(sql)));
  await database.close();
  return answers.map(([rows]) => rows);
}

/** Writes the mails down with their jobs, in the way of another process. */
const fill = (databaseUrl: string) =>
  ask(
    databaseUrl,
    `INSERT INTO mails (id, recipient, subject, text, message_id, created_at) VALUES ${DESKS.map(
      (desk, n) => `(${n + 1}, '${desk}', 'Badges', 'They are blank.', '<${n}@example.com>', '2026-01-01')`,
    )}`,
    `INSERT INTO jobs (name, payload, max_attempts, created_at) VALUES ${DESKS.map(
      (_, n) => `('send-mail', '{"mail":${n + 1}}', 5, '2026-01-01')`,
    )}`,
  );

/** Their jobs as they stand in the table. */
const jobsOf = async (databaseUrl: string) =>
  (
    await ask(databaseUrl, "SELECT status, attempts, worker FROM jobs WHERE name = 'send-mail' ORDER BY id")
  )[0];
const waits = { status: "queued", attempts: 0, worker: null };
const isDone = { status: "done", attempts: 1, worker: null };

/** A process that sends twelve mails by a server which does not answer, so that ten jobs run and two wait. */
async function busy(kind: "server" | "manage worker") {
  const mails = await startMailServer("hang");
  onTestFinished(() => mails.stop());
  const env = {
    SMTP_URL: `smtp://127.0.0.1:${mails.port}`,
    PUBLIC_URL: "http://tenfold.example",
  };
  const server = await startServer({ ...env, RUN_JOBS: String(kind === "server") });
  onTestFinished(() => server.stop());
  const worker = kind === "server" ? server : await startWorker(server, env);
  onTestFinished(() => void worker.process.kill("SIGKILL"));
  await fill(server.databaseUrl);
  await expect.poll(mails.tries).toBe(AT_ONCE);
  return { mails, env, databaseUrl: server.databaseUrl, ...worker };
}

describe.each(["server", "manage worker"] as const)("SIGTERM to a %s that runs jobs", (kind) => {
  it("waits for those that end within 8 seconds, takes no new ones, and exits with 0", async () => {
    const { mails, databaseUrl, process, exited } = await busy(kind);
    process.kill("SIGTERM");
    // It has to have heard it before the first job ends.
    await new Promise((resolve) => setTimeout(resolve, 500));
    mails.set("take");
    expect(await exited).toBe(0);
    expect(mails.tries()).toBe(AT_ONCE);
    expect(await jobsOf(databaseUrl)).toEqual([...Array(AT_ONCE).fill(isDone), waits, waits]);
  });

  it("gives back what has not ended by then, as if it had not begun, and the next process does it", {
    timeout: LONG,
  }, async () => {
    const { mails, env, databaseUrl, process, exited } = await busy(kind);
    process.kill("SIGTERM");
    expect(await exited).toBe(0);
    expect(mails.tries()).toBe(AT_ONCE);
    expect(await jobsOf(databaseUrl)).toEqual(DESKS.map(() => waits));
    mails.set("take");
    const next = await startServer({ ...env, DATABASE_URL: databaseUrl });
    onTestFinished(() => next.stop());
    await expect.poll(() => mails.taken.length).toBe(DESKS.length);
    expect(mails.taken.flatMap(({ to }) => to).toSorted()).toEqual(DESKS.toSorted());
  });
});
