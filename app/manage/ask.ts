/** Questions to the person at the terminal. */
import { Failure } from "./failure";

/** @throws Failure where nobody sits at the terminal; it says `otherwise`, what to do then. */
export function assertTerminal(otherwise: string) {
  if (!process.stdin.isTTY) throw new Failure(`There is no terminal to ask at. ${otherwise}`);
}

type Check = (answer: string) => true | string | Promise<true | string>;

/** Asks until `check` is content. @throws Failure when it is broken off. */
export async function ask(message: string, check: Check): Promise<string> {
  const { default: input } = await import("@inquirer/input");
  return input({ message, validate: check }).catch(brokenOff);
}

/** Asks for a password that is not shown, twice. @throws Failure when it is broken off. */
export async function askNewPassword(check: (password: string) => Promise<string | null>): Promise<string> {
  const { default: password } = await import("@inquirer/password");
  const validate = async (typed: string) => (await check(typed)) ?? true;
  for (;;) {
    const first = await password({ message: "Password", validate }).catch(brokenOff);
    const second = await password({ message: "Password again" }).catch(brokenOff);
    if (first === second) return first;
    console.log("The two passwords differ.");
  }
}

function brokenOff(error: Error): never {
  throw error.name === "ExitPromptError" ? new Failure("Broken off. Nothing was changed.") : error;
}
