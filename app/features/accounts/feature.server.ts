import { Group } from "#models/group.server";
import { User } from "#models/user.server";
import { mailResetLinks } from "./reset-job.server";
import { setupPath } from "./setup.server";

export { admin } from "./admin.server";

export const name = "accounts";

export const jobs = [mailResetLinks];

/** Without a superuser nobody could ever sign in. */
export async function notice(url: string) {
  const path = await setupPath();
  return path && `There is no superuser yet. Make the first one, once, at ${url}${path}`;
}

const PEOPLE: [username: string, displayName: string, group: string][] = [
  ["ada", "Ada Lovelace", "admin"],
  ["grace", "Grace Hopper", "editors"],
  ["alan", "Alan Turing", "editors"],
  ["hedy", "Hedy Lamarr", "warehouse"],
  ["linus", "Linus Pauling", "warehouse"],
  ["emmy", "Emmy Noether", ""],
];

export const seed = {
  count: PEOPLE.length,
  /** Adds what is missing of the first `count` people. None has a password: `manage changepassword` gives one. */
  async run(count: number) {
    for (let n = 0; n < count; n += 1) {
      const round = Math.floor(n / PEOPLE.length);
      const [base, displayName, group] = PEOPLE[n % PEOPLE.length]!;
      const username = round ? `${base}${round + 1}` : base;
      if (await User.named(username)) continue;
      const user = await User.add({ username, displayName, email: `${username}@example.com` });
      if (group) await user.setGroups([group]);
    }
    for (const group of ["admin", "editors", "warehouse"]) if (count > 0) await Group.named(group);
  },
};
