/** The one-time link by which the first superuser is made in the browser. It is good in this process only. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { singleton } from "#models/singleton.server";
import { User } from "#models/user.server";

const secret = () => singleton("setup token", () => ({ token: randomBytes(24).toString("base64url") }));

/** The link's path while there is no superuser, then null. */
export const setupPath = async () =>
  (await User.hasSuperuser()) ? null : `/accounts/setup/${secret().token}`;

/** Whether this is the token, and there is still no superuser. */
export async function isSetupToken(token = "") {
  const [given, known] = [Buffer.from(token), Buffer.from(secret().token)];
  return given.length === known.length && timingSafeEqual(given, known) && !(await User.hasSuperuser());
}
