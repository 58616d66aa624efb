/** A person's password, asked of them: tries are counted, and who guesses waits longer each time. */
import { data } from "@remix-run/node";
import type { CurrentUser } from "#models/current-user.server";
import { verifyPassword } from "#models/password.server";
import { Session } from "#models/session.server";
import { singleton } from "#models/singleton.server";
import { keyOf, USERNAME_MAX, User } from "#models/user.server";
import { counted } from "~/components/counted";
import { fieldProblem, invalid } from "./forms.server";
import { networkOf, throttle } from "./throttle.server";

const MINUTES = 60;
/** By name and address, so that nobody is locked out by what others do from elsewhere. */
const byName = () => singleton("login by name", () => throttle("login", { tries: 5, within: 15 * MINUTES }));
/** By address alone, for one password tried on many names. An office may share an address. */
const byAddress = () =>
  singleton("login by address", () => throttle("address", { tries: 50, within: 15 * MINUTES }));

/** Milliseconds for which a password that was given counts as given. */
const RECENT = 15 * MINUTES * 1000;

/** Whether the person has given their password so lately that a delicate deed needs not ask for it. */
export const isConfirmed = ({ confirmedAt }: CurrentUser) => Date.now() - confirmedAt.getTime() < RECENT;

/**
 * The answer that refuses a person's own password in a form of theirs, or null where it is right. It counts like a
 * login: who has found an open browser cannot guess on.
 */
export async function confirmPassword(
  request: Request,
  by: CurrentUser,
  field: string,
  password: string,
  typed: Record<string, string> = {},
) {
  const refuse = (message: string) => invalid(fieldProblem(typed, field, message));
  // A question, and no try.
  if (!password) return refuse("Enter your own password to confirm");
  const guess = await takeGuess(request, by.username);
  if (guess.seconds > 0) return tooMany(field, typed, guess.seconds);
  const { password: hash } = await User.findByPk(by.id, { rejectOnEmpty: true });
  if (!(await verifyPassword(hash, password))) return refuse("This is not your current password");
  await Promise.all([guess.wasRight(), Session.confirm(by.sessionId)]);
  return null;
}

/** Counts one try at a person's password: the seconds to wait, and what to call when it was right. */
export async function takeGuess(request: Request, username: string) {
  const address = networkOf(request);
  // Cut first: normalizing takes time that grows with the square of the length.
  const who = `${keyOf(username.slice(0, USERNAME_MAX))} ${address}`;
  // Who has to wait by address leaves no more names to remember.
  const seconds = (await byAddress().take(address)) || (await byName().take(who));
  const wasRight = () => Promise.all([byName().forget(who), byAddress().giveBack(address)]);
  return { seconds, wasRight };
}

const resetsByAddress = () =>
  singleton("resets by address", () => throttle("reset address", { tries: 20, within: 60 * MINUTES }));
const resetsByEmail = () =>
  singleton("resets by email", () => throttle("reset email", { tries: 5, within: 60 * MINUTES }));

/**
 * Counts one wish for a link that sets a new password, by who asks and by whom it goes to, whether or not anybody is
 * reached by it: nobody's mailbox is filled, and nobody learns who has an account.
 *
 * @returns 0, or the seconds to wait.
 */
export const takeReset = async (request: Request, email: string) =>
  (await resetsByAddress().take(networkOf(request))) || resetsByEmail().take(email.toLowerCase());

/** The form again, 429: says when to try again. */
export function tooMany(field: string, values: Record<string, string>, seconds: number) {
  const minutes = Math.ceil(seconds / 60);
  const until = `${new Date(Date.now() + seconds * 1000).toISOString().slice(11, 16)} UTC`;
  const message = `Too many attempts. Wait ${counted(minutes, "minute")}, until ${until}, then try again`;
  return data(
    { problem: fieldProblem(values, field, message) },
    { status: 429, headers: { "Retry-After": String(seconds) } },
  );
}
