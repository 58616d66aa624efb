import type { Command } from "commander";
import { untilStopped } from "./until-stopped";
import { withTables } from "./with-database";

/** Milliseconds between two looks for jobs: SQLite tells another process of none. */
const POLL = 100;

export function configure(command: Command) {
  command.action(() =>
    withTables(async () => {
      const { startWork } = await import("~/boot.server");
      const stopWork = await startWork(POLL);
      console.log("Running jobs. Ctrl+C ends it.");
      await untilStopped();
      await stopWork();
    }),
  );
}
