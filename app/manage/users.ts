import type { Command } from "commander";
import { table } from "./table";
import { withTables } from "./with-database";

export function configure(command: Command) {
  command.action(() => withTables(list));
}

async function list() {
  const { User } = await import("#models/user.server");
  const users = await User.findAll({ order: ["username_key"] });
  const rows = users.map((user) => [
    user.username,
    user.email,
    user.isSuperuser ? "superuser" : user.isStaff ? "staff" : "user",
    user.isActive ? "yes" : "no",
    user.lastLogin?.toISOString().slice(0, 16).replace("T", " ") ?? "never",
  ]);
  console.log(table([["USERNAME", "EMAIL", "ROLE", "ACTIVE", "LAST LOGIN (UTC)"], ...rows]));
}
