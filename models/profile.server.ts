import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  literal,
  Model,
  Op,
  type Transaction,
  UniqueConstraintError,
} from "sequelize";
import { Activity, type Actor } from "./activity.server";
import { sequelize, transaction } from "./database.server";
import { eachRow } from "./each-row.server";
import { line, prose } from "./rules";
import { User } from "./user.server";

const NAME = { name: "Display name", max: 100, empty: "Enter the name that others are to see" };
const BIO = { name: "Bio", max: 5_000 };
const KEY_LENGTH = 100;
/** Rows that are read at once where all of them are. */
const BATCH = 1_000;

export const profileName = line(NAME);
export const profileBio = prose(BIO);

/** Whose it is: a person's, by their id, or the one of the site. */
export type Owner = number | null;

/** Keys of a picture in the file store: as it is shown, and small. */
export interface Picture {
  avatar: string;
  smallAvatar: string;
}

/** A profile as pages get it. */
export interface ProfileView {
  displayName: string;
  bio: string;
  avatar: string | null;
  updatedAt: Date;
}

/** Who somebody is, with a picture. */
export class Profile extends Model<InferAttributes<Profile>, InferCreationAttributes<Profile>> {
  declare id: CreationOptional<number>;
  declare userId: Owner;
  declare displayName: string;
  declare bio: CreationOptional<string>;
  declare avatar: CreationOptional<string | null>;
  declare smallAvatar: CreationOptional<string | null>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;

  static readonly noted: (keyof Attributes<Profile>)[] = ["displayName", "bio", "avatar"];

  /** A person's profile, or the one of the site; null before it is first saved. */
  static async of(owner: Owner): Promise<ProfileView | null> {
    const profile = await Profile.findOne({ where: { userId: owner } });
    if (!profile) return null;
    const { displayName, bio, avatar, updatedAt } = profile;
    return { displayName, bio, avatar, updatedAt };
  }

  /** What the active person of that user name has saved, or null. */
  static async ofUsername(name: string): Promise<(ProfileView & { username: string }) | null> {
    const user = await User.named(name);
    const profile = user?.isActive ? await Profile.of(user.id) : null;
    return user && profile && { ...profile, username: user.username };
  }

  /**
   * Saves a profile; without a picture the one that it has stays, and null takes it away.
   *
   * @returns the keys of files that no profile points to any more; null where the person is not there any more.
   * @throws ZodError when a value breaks its rule.
   */
  static async save(owner: Owner, { displayName, bio, picture }: NewProfile, by: Actor | null) {
    const texts = { displayName: profileName.parse(displayName), bio: profileBio.parse(bio) };
    const values = { ...texts, ...(picture === null ? { avatar: null, smallAvatar: null } : picture) };
    const write = () =>
      transaction(async (transaction) => {
        // A person may be deleted while their picture is on its way.
        if (owner !== null && !(await User.isStillThere(owner, transaction))) return null;
        const profile = await locked(owner, transaction);
        if (profile) return change(profile, values, by, transaction);
        const made = await Profile.create({ userId: owner, ...values }, { transaction });
        await Activity.note("add", made, by, transaction);
        return [];
      });
    // Of two who save the first version at once, the second finds that there is one now.
    return write().catch((error: unknown) => {
      if (error instanceof UniqueConstraintError) return write();
      throw error;
    });
  }

  /** Whether a profile points to a file. */
  static async pointsTo(key: string): Promise<boolean> {
    const where = { [Op.or]: [{ avatar: key }, { smallAvatar: key }] };
    return (await Profile.findOne({ attributes: ["id"], where, raw: true })) !== null;
  }

  /** The key of every file that a profile points to. */
  static async *fileKeys(): AsyncGenerator<string> {
    for await (const row of eachRow(Profile, {}, BATCH)) yield* row.fileKeys();
  }

  /** The keys of its files. */
  fileKeys(): string[] {
    return [this.avatar, this.smallAvatar].filter((key) => key !== null);
  }
}

/** What somebody says of themselves. */
export interface NewProfile {
  displayName: string;
  bio: string;
  picture?: Picture | null;
}

Profile.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    userId: { type: DataTypes.INTEGER, references: { model: "users", key: "id" }, onDelete: "CASCADE" },
    displayName: { type: DataTypes.STRING(NAME.max), allowNull: false },
    bio: { type: DataTypes.TEXT, allowNull: false, defaultValue: "" },
    avatar: { type: DataTypes.STRING(KEY_LENGTH) },
    smallAvatar: { type: DataTypes.STRING(KEY_LENGTH) },
    createdAt: { type: DataTypes.DATE, allowNull: false },
    updatedAt: { type: DataTypes.DATE, allowNull: false, defaultValue: DataTypes.NOW },
  },
  {
    sequelize,
    modelName: "profile",
    tableName: "profiles",
    updatedAt: false,
    indexes: [
      { name: "profiles_user_id", fields: ["user_id"], unique: true },
      { name: "profiles_avatar", fields: ["avatar"], unique: true },
      { name: "profiles_small_avatar", fields: ["small_avatar"], unique: true },
      // A unique index takes any number of NULLs; this one has a single value for all of them.
      {
        name: "profiles_site",
        fields: [literal("(user_id IS NULL)")],
        where: { user_id: null },
        unique: true,
      },
    ],
  },
);

/** Every save has its own time, whatever is said: later than the one before, even if the clock was put back. */
Profile.addHook("beforeSave", (profile: Profile) => {
  const before: Date | undefined = profile.previous("updatedAt");
  profile.updatedAt = new Date(Math.max(Date.now(), (before?.getTime() ?? 0) + 1));
});

const locked = (owner: Owner, transaction: Transaction) =>
  Profile.findOne({ where: { userId: owner }, transaction, lock: true });

type Values = Partial<Pick<Profile, "displayName" | "bio" | "avatar" | "smallAvatar">>;

async function change(profile: Profile, values: Values, by: Actor | null, transaction: Transaction) {
  const released = values.avatar === undefined ? [] : profile.fileKeys();
  await Activity.note("change", profile.set(values), by, transaction);
  await profile.save({ transaction });
  return released;
}
