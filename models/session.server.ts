/** Sessions: what `django.contrib.sessions` stands for. A row each, so that any can be ended. */
import { createHash, randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  Op,
  QueryTypes,
  type Transaction,
  type WhereOptions,
} from "sequelize";
import { Activity, type Actor } from "./activity.server";
import { CurrentUser } from "./current-user.server";
import { afterCommit, inBackground, sequelize, transaction } from "./database.server";
import { UNSEEN } from "./notification.server";
import { hashPassword } from "./password.server";
import { singleton } from "./singleton.server";
import { select, stored } from "./sql.server";
import { DAY, MINUTE } from "./time";
import { User } from "./user.server";

/** Milliseconds that a session lives on after its last use. */
const ROLLING = 14 * DAY;
/** Milliseconds after which one ends, however much it is used. */
export const ABSOLUTE = 90 * DAY;
/** Milliseconds between two notes of when it was last used: a write a request would be too dear. */
const NOTED_EVERY = 5 * MINUTE;

/** Where a request came from, for the person to recognise their sessions by. */
export interface Client {
  ip: string;
  userAgent: string;
}

/** Tells which sessions ended: what holds a connection open for one closes it. Other processes do not hear it. */
const ends = singleton("session ends", () => new EventEmitter<{ end: [number[]] }>());

/** Sessions whose use is being noted. */
const noting = singleton("session notes", () => new Set<number>());

const digest = (token: string) => createHash("sha256").update(token).digest("hex");

const IN_LINES = "\n";
/** One query, by indexes: the session, its person, their groups, all their permissions, and what is new to them. */
const FIND = `
  SELECT s.id AS "sessionId", s.seen_at AS "seenAt", s.created_at AS "createdAt", s.confirmed_at AS "confirmedAt",
    u.id, u.username, u.display_name AS "displayName", u.is_staff AS "isStaff", u.is_superuser AS "isSuperuser",
    (SELECT string_agg(g.name, $lines ORDER BY g.name) FROM user_groups m JOIN groups g ON g.id = m.group_id
      WHERE m.user_id = u.id) AS groups,
    (SELECT string_agg(p.permission, $lines) FROM user_permissions p WHERE p.user_id = u.id) AS own,
    (SELECT string_agg(p.permission, $lines) FROM user_groups m JOIN group_permissions p ON p.group_id = m.group_id
      WHERE m.user_id = u.id) AS "byGroup",
    ${UNSEEN} AS unseen
  FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.token_hash = $hash AND s.expires_at > $now AND u.is_active`;

interface Found {
  sessionId: number;
  seenAt: Date | string;
  createdAt: Date | string;
  confirmedAt: Date | string;
  id: number;
  username: string;
  displayName: string;
  isStaff: boolean | number;
  isSuperuser: boolean | number;
  groups: string | null;
  own: string | null;
  byGroup: string | null;
  unseen: number | string;
}

const lines = (text: string | null) => (text ? text.split(IN_LINES) : []);

/** The person may not sign in any more. */
export class SignInRefused extends Error {}

/** One browser in which a person is signed in. */
export class Session extends Model<InferAttributes<Session>, InferCreationAttributes<Session>> {
  declare id: CreationOptional<number>;
  /** SHA-256 of the token that the cookie carries: who reads the table cannot sign in with it. */
  declare tokenHash: string;
  declare userId: number;
  declare createdAt: CreationOptional<Date>;
  declare seenAt: Date;
  /** When the password was last given. */
  declare confirmedAt: Date;
  declare expiresAt: Date;
  declare ip: string;
  declare userAgent: string;

  /**
   * Signs a person in.
   *
   * @returns the token for their cookie; it is stored nowhere.
   * @throws SignInRefused when their password or their standing has changed since `user` was read.
   */
  static async start(user: User, client: Client): Promise<string> {
    const token = randomBytes(32).toString("base64url");
    const now = new Date();
    await transaction(async (transaction) => {
      const expiresAt = new Date(now.getTime() + ROLLING);
      const row = {
        tokenHash: digest(token),
        userId: user.id,
        createdAt: now,
        seenAt: now,
        confirmedAt: now,
        expiresAt,
      };
      const where = { id: user.id, password: user.password, isActive: true };
      if (!(await User.findOne({ where, transaction, lock: true }))) throw new SignInRefused();
      await Session.create({ ...row, ...clamped(client) }, { transaction });
      await User.update({ lastLogin: now }, { where: { id: user.id }, transaction });
    });
    return token;
  }

  /**
   * Who is signed in by this token: null when the session has ended or the person is not active any more. Whether its use
   * can be noted makes no difference: reading works where nothing can be written.
   */
  static async find(token: string, client: Client): Promise<CurrentUser | null> {
    const now = new Date();
    const [row] = await sequelize.query<Found>(FIND, {
      type: QueryTypes.SELECT,
      bind: { hash: digest(token), now: stored(now), lines: IN_LINES },
    });
    if (!row) return null;
    if (now.getTime() - new Date(row.seenAt).getTime() > NOTED_EVERY) note(row, now, client);
    return new CurrentUser({
      id: row.id,
      username: row.username,
      displayName: row.displayName,
      isStaff: Boolean(row.isStaff),
      isSuperuser: Boolean(row.isSuperuser),
      groups: lines(row.groups),
      permissions: [...lines(row.own), ...lines(row.byGroup)],
      unseen: Number(row.unseen),
      sessionId: row.sessionId,
      confirmedAt: new Date(row.confirmedAt),
    });
  }

  /** Of these sessions those that are still good, each with what its person is called now. */
  static async namesOf(ids: number[]): Promise<Map<number, string>> {
    const rows = await select<{ id: number; username: string; displayName: string }>(
      `SELECT s.id, u.username, u.display_name AS "displayName" FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.id IN (:ids) AND s.expires_at > :now AND u.is_active`,
      { ids, now: stored(new Date()) },
    );
    return new Map(rows.map(({ id, username, displayName }) => [id, displayName || username]));
  }

  /** Notes that the person has just given their password. */
  static confirm(id: number) {
    return Session.update({ confirmedAt: new Date() }, { where: { id } });
  }

  /** Where a person is signed in, last used first. */
  static async of(userId: number) {
    const rows = await Session.findAll({
      attributes: ["id", "createdAt", "seenAt", "ip", "userAgent"],
      where: { userId, expiresAt: { [Op.gt]: new Date() } },
      order: [
        ["seen_at", "DESC"],
        ["id", "DESC"],
      ],
      limit: 100,
    });
    return rows.map(({ id, createdAt, seenAt, ip, userAgent }) => ({ id, createdAt, seenAt, ip, userAgent }));
  }

  /** Ends the session of a token, if there is one. */
  static endByToken(token: string) {
    return end({ tokenHash: digest(token) });
  }

  /** Ends one session of a person. @returns whether there was one. */
  static async endOne(userId: number, id: number) {
    return (await end({ userId, id })) > 0;
  }

  /**
   * Sets a new password, notes that, and ends every session but `exceptId`: all of it, or nothing.
   *
   * @returns how many sessions ended; null where the person has got another password since `user` was read.
   */
  static changePassword(
    user: User,
    password: string,
    by: Actor | null,
    exceptId = 0,
  ): Promise<number | null> {
    return setPassword(user, {}, password, by, exceptId);
  }

  /**
   * Sets a new password by their own hand, and ends every session, unless the person has signed in, become inactive or
   * got another password since `user` was read.
   *
   * @returns whether it was set.
   */
  static async resetPassword(user: User, password: string): Promise<boolean> {
    const still = { lastLogin: user.lastLogin, isActive: true };
    return (await setPassword(user, still, password, user, 0)) !== null;
  }

  /** Ends every session of a person, or all but one. @returns how many. */
  static endAll(userId: number, exceptId = 0, transaction?: Transaction) {
    return end({ userId, id: { [Op.ne]: exceptId } }, transaction);
  }

  /** Deletes what has expired. @returns how many. */
  static clearExpired() {
    return end({ expiresAt: { [Op.lte]: new Date() } });
  }

  /** Calls `listener` with the ids of sessions that this process ends. @returns what stops it. */
  static onEnd(listener: (ids: number[]) => void): () => void {
    ends.on("end", listener);
    return () => ends.off("end", listener);
  }
}

Session.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    tokenHash: { type: DataTypes.STRING(64), allowNull: false },
    userId: {
      type: DataTypes.INTEGER,
      allowNull: false,
      references: { model: "users", key: "id" },
      onDelete: "CASCADE",
    },
    createdAt: { type: DataTypes.DATE, allowNull: false },
    seenAt: { type: DataTypes.DATE, allowNull: false },
    confirmedAt: { type: DataTypes.DATE, allowNull: false },
    expiresAt: { type: DataTypes.DATE, allowNull: false },
    ip: { type: DataTypes.STRING(45), allowNull: false },
    userAgent: { type: DataTypes.STRING(300), allowNull: false },
  },
  {
    sequelize,
    modelName: "session",
    tableName: "sessions",
    updatedAt: false,
    indexes: [
      { name: "sessions_token_hash", fields: ["token_hash"], unique: true },
      { name: "sessions_user_id", fields: ["user_id"] },
      { name: "sessions_expires_at", fields: ["expires_at"] },
    ],
  },
);

/** Null, and nothing is done, unless the person has the password that was read and is `still` as given. */
async function setPassword(
  user: User,
  still: WhereOptions<InferAttributes<User>>,
  password: string,
  by: Actor | null,
  exceptId: number,
): Promise<number | null> {
  const where = { id: user.id, password: user.password, ...still };
  const hash = await hashPassword(password);
  return transaction(async (transaction) => {
    if (!(await User.findOne({ where, transaction, lock: true }))) return null;
    await user.update({ password: hash }, { transaction });
    await Activity.noteSecret(user, "password", by, transaction);
    return Session.endAll(user.id, exceptId, transaction);
  });
}

const clamped = ({ ip, userAgent }: Client) => ({ ip: ip.slice(0, 45), userAgent: userAgent.slice(0, 300) });

/** Notes the use, if nobody is about to; a session that somebody else has just ended stays ended. */
function note({ sessionId: id, createdAt }: Found, now: Date, client: Client) {
  if (noting.has(id)) return;
  noting.add(id);
  const latest = new Date(createdAt).getTime() + ABSOLUTE;
  const expiresAt = new Date(Math.min(now.getTime() + ROLLING, latest));
  const used = { seenAt: now, expiresAt, ...clamped(client) };
  inBackground(() => Session.update(used, { where: { id } }).finally(() => noting.delete(id)));
}

async function end(where: WhereOptions<InferAttributes<Session>>, transaction?: Transaction) {
  const rows = await Session.findAll({ attributes: ["id"], where, raw: true, transaction });
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  const count = await Session.destroy({ where: { id: ids }, transaction });
  if (transaction) afterCommit(transaction, () => ends.emit("end", ids));
  else ends.emit("end", ids);
  return count;
}
