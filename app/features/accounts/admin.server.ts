/** People and groups in the admin. */
import { Op } from "sequelize";
import { z } from "zod";
import { Activity } from "#models/activity.server";
import type { CurrentUser } from "#models/current-user.server";
import { Group, groupName } from "#models/group.server";
import { hashPassword, passwordProblem } from "#models/password.server";
import { allPermissions } from "#models/permission.server";
import { Session } from "#models/session.server";
import { displayName, email, User, username } from "#models/user.server";
import { adminEntry, type Intent, type Many, type Refusal } from "~/services/admin.server";
import { secretField } from "~/services/forms.server";
import { mayMore } from "./managed.server";
import { newPasswordField } from "./new-password.server";

const groups: Many = {
  name: "groups",
  label: "Groups",
  choices: async () =>
    (await Group.findAll({ order: ["name"] })).map(({ name }) => ({ value: name, label: name })),
  async read(row, transaction) {
    return (await (row as User).groups(transaction)).map(({ name }) => name);
  },
  async write(row, names, transaction) {
    const chosen = await Group.findAll({ where: { name: names }, transaction });
    await (row as User).setGroups(
      chosen.map(({ name }) => name),
      transaction,
    );
  },
};

const permissions: Pick<Many, "name" | "grid" | "choices" | "write"> = {
  name: "permissions",
  grid: true,
  choices: async () => allPermissions().map((name) => ({ value: name, label: name })),
  write: (row, names, transaction) => (row as User | Group).setPermissions(known(names), transaction),
};
const userPermissions: Many = {
  ...permissions,
  label: "Permissions of their own",
  help: "Beside those of their groups",
  read: (row, transaction) => (row as User).ownPermissions(transaction),
};
const groupPermissions: Many = {
  ...permissions,
  label: "Permissions",
  read: (row, transaction) => (row as Group).permissions(transaction),
};

/** What there is by now: a form may be older than a feature that has gone. */
function known(names: string[]) {
  const all = new Set(allPermissions());
  return names.filter((name) => all.has(name));
}

/** Nobody gives or takes what they do not have themselves, nor changes somebody who may do more. */
async function aboveOneself({ by, row, values, many, transaction }: Intent<User>): Promise<Refusal | null> {
  if (by.isSuperuser) return null;
  const had = (await row?.rights(transaction)) ?? { isSuperuser: false, groups: [], permissions: [] };
  if (mayMore(by, had)) {
    return {
      name: "",
      message: "This person may do more than you: ask a superuser to change or delete them",
    };
  }
  if (values.isSuperuser) return { name: "is_superuser", message: "Only a superuser may make a superuser" };
  // A group is a role by its name, whatever its permissions.
  const foreign = differing(had.groups, many.groups).filter((name) => !by.groups.includes(name));
  if (foreign.length > 0)
    return { name: "groups", message: `You are not in this group yourself: ${foreign.join(", ")}` };
  return notOnes(by, many.permissions ?? []);
}

/** The same for a group: who is in it would have it, or lose it. */
async function groupAboveOneself({
  by,
  row,
  values,
  many,
  transaction,
}: Intent<Group>): Promise<Refusal | null> {
  if (by.isSuperuser) return null;
  if (row && row.name !== values.name)
    return { name: "name", message: "Only a superuser may rename or delete this group" };
  return notOnes(by, [...(many.permissions ?? []), ...((await row?.permissions(transaction)) ?? [])]);
}

function notOnes(by: CurrentUser, names: string[]): Refusal | null {
  const beyond = [...new Set(names)].filter((name) => !by.permissions.includes(name));
  const message = `You cannot give or take what you may not do yourself: ${beyond.join(", ")}`;
  return beyond.length > 0 ? { name: "permissions", message } : null;
}

/** What is in one list only. Without a second one nothing is to differ. */
const differing = (had: readonly string[], wanted: readonly string[] = had) => [
  ...had.filter((name) => !wanted.includes(name)),
  ...wanted.filter((name) => !had.includes(name)),
];

/** Without a superuser nobody could give permissions any more. */
async function lastSuperuser({ deed, row, values, transaction }: Intent<User>): Promise<Refusal | null> {
  if (!row?.isSuperuser || !row.isActive || deed === "add") return null;
  if (deed === "change" && values.isSuperuser && values.isActive) return null;
  const where = { isSuperuser: true, isActive: true, id: { [Op.ne]: row.id } };
  const others = await User.findAll({ attributes: ["id"], where, transaction, lock: true });
  if (others.length > 0) return null;
  const name = values.isSuperuser && !values.isActive ? "is_active" : "is_superuser";
  return { name, message: "This is the last superuser: make another one first" };
}

/** What becomes of the people in a group that is deleted is in the history of each. */
async function noteLeft({ row, by, transaction }: Intent<Group> & { row: Group }) {
  const deeds = [];
  for (const user of await User.inGroup(row.id, transaction)) {
    const names = await groups.read(user, transaction);
    const rest = names.filter((name) => name !== row.name);
    const changes = [{ field: groups.name, before: names.join("\n"), after: rest.join("\n") || null }];
    deeds.push({
      deed: "change" as const,
      model: User.name,
      objectId: user.id,
      label: user.username,
      changes,
    });
  }
  await Activity.record(deeds, by, transaction);
}

export const admin = [
  adminEntry<User>({
    model: User,
    name: (user) => user.username,
    list: ["username", "email", "displayName", "isStaff", "isSuperuser", "isActive", "lastLogin"],
    search: ["username", "email", "displayName"],
    filters: ["isStaff", "isSuperuser", "isActive", "lastLogin"],
    ordering: ["username"],
    secret: ["password", "usernameKey", "seenNotification"],
    readonly: ["lastLogin"],
    labels: { isStaff: "Staff", isSuperuser: "Superuser", isActive: "Active" },
    help: {
      isStaff: "May sign in to the admin",
      isSuperuser: "May do everything, without any permission",
      isActive: "Who is not active cannot sign in; deactivate instead of deleting",
    },
    rules: { username, email, displayName },
    fieldsets: [{ title: "Standing", fields: ["isActive", "isStaff", "isSuperuser"] }],
    many: [groups, userPermissions],
    adding: ["username", "email", "displayName"],
    delicate: ["email", "isStaff", "isSuperuser", "groups", "permissions"],
    extra: {
      schema: z.object({
        password1: newPasswordField("Enter a password"),
        password2: secretField("Enter the password again"),
      }),
      fields: [
        { name: "password1", label: "Password", type: "password" },
        { name: "password2", label: "Password again", type: "password" },
      ],
      async read({ password1 = "", password2 = "" }, values) {
        if (password1 !== password2) return { name: "password2", message: "The two passwords differ" };
        const about = [values.username, values.email, values.displayName].map(String);
        const weakness = await passwordProblem(password1, about);
        return weakness
          ? { name: "password1", message: weakness }
          : { password: await hashPassword(password1) };
      },
    },
    refuse: async (intent) => (await aboveOneself(intent)) ?? (await lastSuperuser(intent)),
    async along({ row, deed, transaction }) {
      if (deed === "delete" || !row.isActive) await Session.endAll(row.id, 0, transaction);
    },
    links: ({ id }) => [
      { label: "Change password", to: `/admin/accounts/user/${id}/password` },
      { label: "Sessions", to: `/admin/accounts/user/${id}/sessions` },
    ],
  }),
  adminEntry<Group>({
    model: Group,
    list: ["name"],
    search: ["name"],
    ordering: ["name"],
    rules: { name: groupName },
    many: [groupPermissions],
    delicate: ["permissions"],
    refuse: groupAboveOneself,
    async along(intent) {
      if (intent.deed === "delete") await noteLeft(intent);
    },
  }),
];
