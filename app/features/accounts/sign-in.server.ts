/** Signing in: remix-auth with its form strategy, and waits that grow for who guesses. */
import { Authenticator } from "remix-auth";
import { FormStrategy } from "remix-auth-form";
import { User } from "#models/user.server";
import { fieldProblem, invalid } from "~/services/forms.server";
import { takeGuess, tooMany } from "~/services/own-password.server";

/** The name, the password, or the person's being active: it is not told which was wrong. */
class WrongCredentials extends Error {}

const authenticator = new Authenticator<User>().use(
  new FormStrategy(async ({ form }) => {
    const user = await User.authenticate(String(form.get("username")), String(form.get("password")));
    if (!user) throw new WrongCredentials();
    return user;
  }),
);

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

/** The form again: the same words whatever was wrong. */
const wrong = (values: Record<string, string>) =>
  invalid(
    fieldProblem(values, "username", "Username and password do not match, or the account is not active"),
  );
