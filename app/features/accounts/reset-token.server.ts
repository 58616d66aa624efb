/**
 * Links that set a new password: what Django's `PasswordResetTokenGenerator` stands for. No table: a link is signed
 * over what its use changes, the hash of the password and the last login, so it is good once.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { User } from "#models/user.server";
import { config } from "~/services/config.server";
import { LARGEST_ID } from "~/services/http.server";

/** Seconds that a link is good for. */
const GOOD_FOR = 60 * 60;

const seconds = () => Math.floor(Date.now() / 1000);

const signature = ({ id, password, lastLogin, email }: User, at: number, secret: string) =>
  createHmac("sha256", secret)
    .update(JSON.stringify(["password reset", id, at, password, lastLogin?.getTime() ?? null, email]))
    .digest("base64url");

/** A link's secret part for a person, signed with the first of the session secrets. */
export function resetToken(user: User): string {
  const at = seconds();
  return [user.id.toString(36), at.toString(36), signature(user, at, config().SESSION_SECRET[0]!)].join(".");
}

/** Whose password the token may set, or null: where it is forged, used or too old, or the person not active. */
export async function userOfToken(token = ""): Promise<User | null> {
  const [, id = "", time = "", given = ""] =
    /^([a-z\d]{1,6})\.([a-z\d]{1,8})\.([\w-]{43})$/.exec(token) ?? [];
  const at = Number.parseInt(time, 36);
  const age = seconds() - at;
  // A clock may be a little behind the one that signed.
  if (!id || age > GOOD_FOR || age < -60) return null;
  const number = Number.parseInt(id, 36);
  const user = number > LARGEST_ID ? null : await User.findOne({ where: { id: number, isActive: true } });
  if (!user) return null;
  const isRight = (secret: string) =>
    timingSafeEqual(Buffer.from(signature(user, at, secret)), Buffer.from(given));
  return config().SESSION_SECRET.some(isRight) ? user : null;
}
