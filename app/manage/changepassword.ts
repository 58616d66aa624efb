import type { Command } from "commander";
import { askNewPassword, assertTerminal } from "./ask";
import { Failure } from "./failure";
import { withTables } from "./with-database";

export function configure(command: Command) {
  command.argument("<username>", "whose").action((name: string) => withTables(() => change(name)));
}

/** Their sessions end: whoever knew the old password is out. */
async function change(name: string) {
  const { User } = await import("#models/user.server");
  const { Session } = await import("#models/session.server");
  const user = await User.named(name);
  if (!user) throw new Failure(`There is nobody called ${name}. The command users lists who there is.`);
  assertTerminal("Run it where you can type.");
  const password = await askNewPassword((typed) => user.passwordProblem(typed));
  const ended = await Session.changePassword(user, password, { id: null, username: "The command line" });
  if (ended === null)
    throw new Failure("The password was changed meanwhile. Nothing was done; run it again.");
  console.log(`${user.username} has a new password; ${ended} of their sessions ended.`);
}
