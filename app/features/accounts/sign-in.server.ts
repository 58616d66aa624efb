/** Signing in: remix-auth with its form strategy, and waits that grow for who guesses. */
import { isIPv6 } from "node:net";
import { data } from "@remix-run/node";
import { Authenticator } from "remix-auth";
import { FormStrategy } from "remix-auth-form";
import { verifyPassword } from "#models/password.server";
import { singleton } from "#models/singleton.server";
import { keyOf, USERNAME_MAX, User } from "#models/user.server";
import { fieldProblem } from "~/services/forms.server";
import { clientOf } from "~/services/session.server";
import { throttle } from "~/services/throttle.server";

/** The name, the password, or the person's being active: it is not told which was wrong. */
class WrongCredentials extends Error {}

const authenticator = new Authenticator<User>().use(
  new FormStrategy(async ({ form }) => {
    const user = await User.authenticate(String(form.get("username")), String(form.get("password")));
    if (!user) throw new WrongCredentials();
    return user;
  }),
);

const MINUTES = 60;
/** By name and address, so that nobody is locked out by what others do from elsewhere. */
const byName = () => singleton("login by name", () => throttle("login", { tries: 5, within: 15 * MINUTES }));
/** By address alone, for one password tried on many names. An office may share an address. */
const byAddress = () =>
  singleton("login by address", () => throttle("address", { tries: 50, within: 15 * MINUTES }));

/**
 * The person whose name and password the form holds, or the answer that refuses: 422, or 429 with how long to wait.
 * Every try counts before it is made; a right password during a wait is refused too.
 */
export async function signIn(request: Request, username: string, typed: Record<string, string>) {
  const guess = await takeGuess(request, username);
  if (guess.seconds > 0) return { refused: tooMany("username", typed, guess.seconds) };
  try {
    const user = await authenticator.authenticate("form", request);
    await guess.wasRight();
    return { user };
  } catch (error) {
    if (!(error instanceof WrongCredentials)) throw error;
    return { refused: wrong(typed) };
  }
}

/**
 * The answer that refuses a person's own password in a form of theirs, or null where it is right. It counts like a
 * login: who has found an open browser cannot guess on.
 */
export async function confirmPassword(request: Request, user: User, field: string, password: string) {
  const guess = await takeGuess(request, user.username);
  if (guess.seconds > 0) return tooMany(field, {}, guess.seconds);
  if (!(await verifyPassword(user.password, password))) {
    return data({ problem: fieldProblem({}, field, "This is not your present password") }, { status: 422 });
  }
  await guess.wasRight();
  return null;
}

/** Counts one try at a person's password. */
async function takeGuess(request: Request, username: string) {
  const address = networkOf(clientOf(request).ip);
  const who = `${keyOf(username).slice(0, USERNAME_MAX)} ${address}`;
  const seconds = Math.max(await byName().take(who), await byAddress().take(address));
  const wasRight = () => Promise.all([byName().forget(who), byAddress().giveBack(address)]);
  return { seconds, wasRight };
}

/** The form again: the same words whatever was wrong. */
const wrong = (values: Record<string, string>) =>
  data(
    {
      problem: fieldProblem(
        values,
        "username",
        "Username and password do not match, or the account is not active",
      ),
    },
    { status: 422 },
  );

function tooMany(field: string, values: Record<string, string>, seconds: number) {
  const minutes = Math.ceil(seconds / 60);
  const until = `${new Date(Date.now() + seconds * 1000).toISOString().slice(11, 16)} UTC`;
  const wait = `${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
  const message = `Too many attempts. Wait ${wait}, until ${until}, then try again`;
  return data(
    { problem: fieldProblem(values, field, message) },
    { status: 429, headers: { "Retry-After": String(seconds) } },
  );
}

/** Who has one IPv6 address has its whole /64. */
function networkOf(ip: string) {
  if (!isIPv6(ip) || ip.includes(".")) return ip.replace(/^::ffff:/i, "");
  const [head = "", tail] = ip.split("::");
  const groups = head.split(":").filter(Boolean);
  const rest = tail === undefined ? [] : tail.split(":").filter(Boolean);
  const zeros = Array.from({ length: 8 - groups.length - rest.length }, () => "0");
  return [...groups, ...zeros, ...rest].slice(0, 4).join(":");
}
