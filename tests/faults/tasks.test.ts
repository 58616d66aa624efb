import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tasksProgram } from "../features/tasks/program";
import { scratchFolder } from "../helpers/folder";
import { post, startServer } from "../helpers/server";

describe("a server that is killed between COMMIT and the answer", () => {
  it("has completed the task and told of it once, also where the person presses again", async () => {
    const DATABASE_URL = `sqlite:${join(scratchFolder(), "tasks.sqlite")}`;
    const tasks = await tasksProgram(DATABASE_URL);
    const env = { DATABASE_URL, RUN_JOBS: "false" };
    const TENFOLD_BUILD = new URL("tasks-dying-build.js", import.meta.url).href;
    const server = await startServer({ ...env, TENFOLD_BUILD });
    await post(server, "/tasks", { title: "Completed" });
    await expect(post(server, "/tasks/1/complete")).rejects.toThrow();
    await server.exited;
    expect(server.process.signalCode).toBe("SIGKILL");
    expect(await tasks.report()).toMatchObject({ completed: [1], told: [], jobs: { queued: 1 } });

    const again = await startServer(env);
    expect((await post(again, "/tasks/1/complete")).status).toBe(303);
    await again.stop();
    await server.stop();
    await tasks.drain();
    expect(await tasks.report()).toMatchObject({ completed: [1], told: [1], jobs: { queued: 0, done: 1 } });
  });
});
