/** tests/faults/tasks-program.ts as a process, on the database of a test. */
import { once } from "node:events";
import { expect, onTestFinished } from "vitest";
import { TEST_SECRET } from "../../helpers/server";
import { bundled, ended, startNode } from "../../manage/processes";

interface Report {
  /** Ids of tasks that are completed, and of those that a notification tells of. */
  completed: number[];
  told: number[];
  jobs: Record<string, number>;
}

export async function tasksProgram(DATABASE_URL: string) {
  const file = await bundled("tests/faults/tasks-program.ts");
  const env = { DATABASE_URL, NODE_ENV: "production", LOG_LEVEL: "silent", SESSION_SECRET: TEST_SECRET };
  const start = (mode: string) => {
    const child = startNode([file, mode], { env });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  };
  const run = async (mode: string) => {
    const { code, stdout, stderr } = await ended(start(mode));
    expect([code, stderr], mode).toEqual([0, ""]);
    return stdout;
  };
  return {
    /** Works until nothing is left to do. */
    drain: () => run("drain"),
    report: async (): Promise<Report> => JSON.parse(await run("report")),
    /** One that works until it is killed; resolves when it has begun a job. */
    async worker() {
      const child = start("work");
      await once(child.stdout!, "data");
      return child;
    },
  };
}
