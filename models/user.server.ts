/**
 * People: their names, passwords and rights.
 * Over 300 lines: one model, whose verbs take the same locks in the same order.
 */
import {
  type Attributes,
  type CreationOptional,
  col,
  DataTypes,
  fn,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  Op,
  type Transaction,
  UniqueConstraintError,
  where,
} from "sequelize";
import { z } from "zod";
import { Activity, type Actor } from "./activity.server";
import { inTransaction, isPostgres, sequelize, transaction } from "./database.server";
import { Group, GroupPermission } from "./group.server";
import { hashPassword, isOutdated, passwordProblem, verifyPassword } from "./password.server";
import { permissionsIn, setPermissionsIn } from "./permission.server";
import { emailAddress, LONGEST_EMAIL, optionalLine } from "./rules";

export const USERNAME_MAX = 150;
const DISPLAY_NAME = { name: "Display name", max: 150, empty: "Enter a name that can be seen" };

/** Django's rule for user names. */
export const username = z
  .string("Enter a username")
  .trim()
  .min(1, "Enter a username")
  .max(USERNAME_MAX, `Username must be ${USERNAME_MAX} characters or fewer`)
  .regex(/^[\p{L}\p{N}@.+_-]*$/u, "Username may hold letters, digits and @ . + - _ only");

export const email = emailAddress({
  name: "Email",
  missing: "Enter an email address, or leave it empty",
  wrong: "Enter an email address like name@example.com",
  required: false,
});

export const displayName = optionalLine(DISPLAY_NAME);

/** Names that a person would take for the same are the same: `Ada`, `ADA` and full-width `Ａｄａ`. */
export const keyOf = (name: string) => name.normalize("NFKC").toLowerCase();

/** What others call a person, in SQL: of the row of users that `alias` stands for. As `CurrentUser.name`. */
export const calledSql = (alias: string) => `COALESCE(NULLIF(${alias}.display_name, ''), ${alias}.username)`;

/** A person who can sign in. */
export class User extends Model<InferAttributes<User>, InferCreationAttributes<User>> {
  /** What the history keeps of a change. */
  static readonly noted: (keyof Attributes<User>)[] = [
    "username",
    "email",
    "displayName",
    "isActive",
    "isStaff",
    "isSuperuser",
  ];

  declare id: CreationOptional<number>;
  declare username: string;
  declare usernameKey: CreationOptional<string>;
  declare email: CreationOptional<string>;
  declare displayName: CreationOptional<string>;
  /** The hash; empty for who cannot sign in by password. */
  declare password: CreationOptional<string>;
  declare isActive: CreationOptional<boolean>;
  declare isStaff: CreationOptional<boolean>;
  declare isSuperuser: CreationOptional<boolean>;
  declare lastLogin: CreationOptional<Date | null>;
  declare dateJoined: CreationOptional<Date>;
  /** The newest notification that they have marked as read, or that was there before them. */
  declare seenNotification: CreationOptional<number>;

  /**
   * Adds a person; without a password they cannot sign in.
   *
   * @throws UsernameTaken, or ZodError when a value breaks its rule. The password is to be checked before.
   */
  static async add({ password, ...values }: NewUser, transaction?: Transaction): Promise<User> {
    const user = {
      ...values,
      username: username.parse(values.username),
      email: email.parse(values.email ?? ""),
      displayName: displayName.parse(values.displayName ?? ""),
      password: password ? await hashPassword(password) : "",
    };
    return User.create(user, { transaction }).catch((error: unknown) => {
      throw error instanceof UniqueConstraintError ? new UsernameTaken() : error;
    });
  }

  /** Adds the first superuser, by their own hand. @returns null where there is one already. */
  static async addFirstSuperuser(values: Pick<NewUser, "username" | "email" | "password">) {
    return transaction(async (transaction) => {
      if (isPostgres()) {
        await sequelize.query("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE", { transaction });
      }
      if (await User.hasSuperuser(transaction)) return null;
      const user = await User.add({ ...values, isStaff: true, isSuperuser: true }, transaction);
      await Activity.note("add", user, user, transaction);
      return user;
    });
  }

  static async hasSuperuser(transaction?: Transaction) {
    const where = { isSuperuser: true, isActive: true };
    return (await User.findOne({ attributes: ["id"], where, transaction, raw: true })) !== null;
  }

  /**
   * Whether somebody is there and active: and they are so until the transaction ends. What takes a while, such as an
   * upload, asks again before it writes.
   */
  static async isStillThere(id: number, transaction: Transaction): Promise<boolean> {
    return (await stillThere(id, transaction)) !== null;
  }

  /** Somebody as they are, and stay until the transaction ends, as with `isStillThere`; null where they are not. */
  static async asOfNow(id: number, transaction: Transaction) {
    const user = await stillThere(id, transaction);
    if (!user) return null;
    const { groups } = await user.rights(transaction);
    const { username, isSuperuser } = user;
    return { id, username, isSuperuser, isIn: (group: string) => groups.includes(group) };
  }

  /** The person of that user name, whatever its case; null also for what can be none. */
  static async named(name: string): Promise<User | null> {
    const { data } = username.safeParse(name);
    return data ? User.findOne({ where: { usernameKey: keyOf(data) } }) : null;
  }

  /** Everybody who can sign in by password and has that address, whatever its case. Several may share one. */
  static withEmail(address: string): Promise<User[]> {
    return User.findAll({
      where: {
        [Op.and]: [where(fn("lower", col("email")), address.toLowerCase())],
        isActive: true,
        password: { [Op.ne]: "" },
      },
      order: ["id"],
    });
  }

  /**
   * The active person with that name and password, or null: in the same time whether the name or the password is
   * wrong, or the person inactive. A hash with outdated parameters is renewed.
   */
  static async authenticate(name: string, password: string): Promise<User | null> {
    const user = await User.named(name);
    const right = await verifyPassword(user?.isActive ? user.password : null, password);
    if (!user || !right) return null;
    if (!isOutdated(user.password) || (await user.renewHash(password))) return user;
    // What is theirs by now decides.
    return User.authenticate(name, password);
  }

  /** Another hash of the same password. @returns false where theirs is not the one that was read any more. */
  private async renewHash(password: string) {
    const hash = await hashPassword(password);
    const where = { id: this.id, password: this.password };
    const [count] = await User.update({ password: hash }, { where });
    if (count === 1) this.set("password", hash, { raw: true });
    return count === 1;
  }

  /**
   * Changes what others see of a person. The values are to be checked before.
   *
   * @returns whether there is such a person.
   */
  static async changeProfile(
    id: number,
    values: { displayName: string; email: string },
    by: Actor | null,
  ): Promise<boolean> {
    return transaction(async (transaction) => {
      const user = await User.findByPk(id, { transaction, lock: true });
      if (!user) return false;
      await Activity.note("change", user.set(values), by, transaction);
      await user.save({ transaction });
      return true;
    });
  }

  /** What speaks against this password for this person, or null. */
  passwordProblem(password: string) {
    return passwordProblem(password, [this.username, this.email, this.displayName]);
  }

  /** Puts the person into exactly these groups; a name that is new makes its group. */
  async setGroups(names: string[], given?: Transaction) {
    await inTransaction(given, async (transaction) => {
      await UserGroup.destroy({ where: { userId: this.id }, transaction });
      for (const name of new Set(names)) {
        const { id } = await Group.named(name, transaction);
        await UserGroup.create({ userId: this.id, groupId: id }, { transaction });
      }
    });
  }

  /** The groups that they are in, by name. */
  async groups(transaction?: Transaction): Promise<Group[]> {
    const links = await UserGroup.findAll({ where: { userId: this.id }, transaction });
    const where = { id: links.map(({ groupId }) => groupId) };
    return Group.findAll({ where, order: ["name"], transaction });
  }

  /** Who is in a group. */
  static async inGroup(groupId: number, transaction?: Transaction): Promise<User[]> {
    const links = await UserGroup.findAll({ where: { groupId }, transaction });
    return User.findAll({ where: { id: links.map(({ userId }) => userId) }, order: ["id"], transaction });
  }

  /** The names of their groups, and all their permissions; of a superuser only what is written down. */
  async rights(transaction?: Transaction): Promise<Rights> {
    const own = await this.ownPermissions(transaction);
    const groups = await this.groups(transaction);
    const groupId = groups.map(({ id }) => id);
    const byGroup = await permissionsIn(GroupPermission, { groupId }, transaction);
    return {
      isSuperuser: this.isSuperuser,
      groups: groups.map(({ name }) => name),
      permissions: [...new Set([...own, ...byGroup])],
    };
  }

  /** Their permissions beside those of their groups. */
  ownPermissions(transaction?: Transaction): Promise<string[]> {
    return permissionsIn(UserPermission, { userId: this.id }, transaction);
  }

  /**
   * Gives the person exactly these permissions beside those of their groups.
   *
   * @throws Error that names what is no permission.
   */
  setPermissions(names: string[], transaction?: Transaction) {
    return setPermissionsIn(UserPermission, { userId: this.id }, names, transaction);
  }
}

/** What somebody may do. */
export interface Rights {
  isSuperuser: boolean;
  groups: readonly string[];
  permissions: readonly string[];
}

export interface NewUser {
  username: string;
  email?: string;
  displayName?: string;
  password?: string;
  isStaff?: boolean;
  isSuperuser?: boolean;
  isActive?: boolean;
}

/** Somebody has that user name already. */
export class UsernameTaken extends Error {
  constructor() {
    super("This username is taken; choose another");
  }
}

/** Of a rejected `User.add`: returns a UsernameTaken, to be shown at its field, and throws any other error on. */
export function usernameTaken(error: unknown): UsernameTaken {
  if (error instanceof UsernameTaken) return error;
  throw error;
}

const stillThere = (id: number, transaction: Transaction) =>
  User.findOne({ where: { id, isActive: true }, transaction, lock: transaction.LOCK.SHARE });

User.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    username: {
      type: DataTypes.STRING(USERNAME_MAX),
      allowNull: false,
      set(this: User, name: string) {
        this.setDataValue("username", name);
        this.setDataValue("usernameKey", keyOf(name));
      },
    },
    // Compatibility forms can take many characters for one.
    usernameKey: { type: DataTypes.TEXT, allowNull: false },
    email: { type: DataTypes.STRING(LONGEST_EMAIL), allowNull: false, defaultValue: "" },
    displayName: { type: DataTypes.STRING(DISPLAY_NAME.max), allowNull: false, defaultValue: "" },
    password: { type: DataTypes.STRING(200), allowNull: false, defaultValue: "" },
    isActive: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: true },
    isStaff: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
    isSuperuser: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
    lastLogin: { type: DataTypes.DATE },
    dateJoined: { type: DataTypes.DATE, allowNull: false },
    seenNotification: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
  },
  {
    sequelize,
    modelName: "user",
    tableName: "users",
    createdAt: "dateJoined",
    updatedAt: false,
    indexes: [{ name: "users_username_key", fields: ["username_key"], unique: true }],
  },
);

const userId = {
  type: DataTypes.INTEGER,
  primaryKey: true,
  references: { model: "users", key: "id" },
  onDelete: "CASCADE",
} as const;

class UserGroup extends Model<InferAttributes<UserGroup>, InferCreationAttributes<UserGroup>> {
  declare userId: number;
  declare groupId: number;
}

UserGroup.init(
  {
    userId,
    groupId: {
      type: DataTypes.INTEGER,
      primaryKey: true,
      references: { model: "groups", key: "id" },
      onDelete: "CASCADE",
    },
  },
  {
    sequelize,
    modelName: "user_group",
    tableName: "user_groups",
    timestamps: false,
    indexes: [{ name: "user_groups_group_id", fields: ["group_id"] }],
  },
);

class UserPermission extends Model<InferAttributes<UserPermission>, InferCreationAttributes<UserPermission>> {
  declare userId: number;
  declare permission: string;
}

UserPermission.init(
  { userId, permission: { type: DataTypes.STRING(150), primaryKey: true } },
  { sequelize, modelName: "user_permission", tableName: "user_permissions", timestamps: false },
);
