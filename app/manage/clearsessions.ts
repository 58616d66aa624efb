import type { Command } from "commander";
import { withTables } from "./with-database";

export function configure(command: Command) {
  command.action(() =>
    withTables(async () => {
      const { Session } = await import("#models/session.server");
      console.log(`Deleted ${await Session.clearExpired()} expired sessions.`);
    }),
  );
}
