/**
 * The link by which the first superuser is made in the browser, once. It is signed with the session secret: whichever
 * process has printed it, each of the site knows it.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { User } from "#models/user.server";
import { config } from "~/services/config.server";

const tokenOf = () =>
  createHmac("sha256", config().SESSION_SECRET[0]!).update("first superuser").digest("base64url");

/** The link's path while there is no superuser, then null. */
export const setupPath = async () => ((await User.hasSuperuser()) ? null : `/accounts/setup/${tokenOf()}`);

/** Whether this is the token, and there is still no superuser. */
export async function isSetupToken(token = "") {
  const [given, known] = [Buffer.from(token), Buffer.from(tokenOf())];
  return given.length === known.length && timingSafeEqual(given, known) && !(await User.hasSuperuser());
}
