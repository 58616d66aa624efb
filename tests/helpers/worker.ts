/** `manage worker` as a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type RunningServer, TEST_SECRET } from "./server";

/** Starts `build/manage.js worker` on the database of a server; resolves when it runs. */
export async function startWorker(
  { databaseUrl }: Pick<RunningServer, "databaseUrl">,
  env: Record<string, string> = {},
) {
  const child = spawn(process.execPath, ["build/manage.js", "worker"], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "production",
      LOG_LEVEL: "silent",
      SESSION_SECRET: TEST_SECRET,
      DATABASE_URL: databaseUrl,
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
  return {
    process: child,
    /** Resolves with the exit code once the process has ended. */
    exited,
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
