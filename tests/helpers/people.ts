/** People who are signed in, for tests that call loaders and actions. */
import { type NewUser, User } from "#models/user.server";
import { startSession } from "~/services/session.server";
import { get } from "./call";

/** A person with a session of their own; `cookie` is what their browser sends. */
export async function signedIn(values: Partial<NewUser> = {}) {
  const user = await User.add({ username: "ada", ...values });
  return { user, cookie: await signInAgain(user) };
}

/** Another browser of the same person. @throws where that is refused, as their password is another one by now. */
export async function signInAgain(user: User) {
  const cookie = cookieOf(await startSession(get("/"), user));
  if (cookie.endsWith("=")) throw new Error(`${user.username} is not signed in: read them anew.`);
  return cookie;
}

/** What a browser sends back of a Set-Cookie header. */
export const cookieOf = (setCookie: string | null) => setCookie?.split(";")[0] ?? "";
