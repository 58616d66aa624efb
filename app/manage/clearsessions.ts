import type { Command } from "commander";
import { withDatabase } from "./with-database";

export function configure(command: Command) {
  command.action(() =>
    withDatabase(async () => {
      const { Session } = await import("#models/session.server");
      console.log(`Deleted ${await Session.clearExpired()} expired sessions.`);
    }),
  );
}
