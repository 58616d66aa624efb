import type { Command } from "commander";
import type { z } from "zod";
import { ask, askNewPassword, assertTerminal } from "./ask";
import { Failure } from "./failure";
import { withTables } from "./with-database";

const PREFIX = "TENFOLD_SUPERUSER_";

export function configure(command: Command) {
  command
    .option("--noinput", `take ${PREFIX}USERNAME, ${PREFIX}EMAIL and ${PREFIX}PASSWORD from the environment`)
    .action(({ noinput }: { noinput?: boolean }) => withTables(() => create(Boolean(noinput))));
}

async function create(noinput: boolean) {
  const { User, UsernameTaken } = await import("#models/user.server");
  try {
    const user = await User.add({
      ...(noinput ? await fromEnvironment() : await fromTerminal()),
      isStaff: true,
      isSuperuser: true,
    });
    console.log(`${user.username} is a superuser now.`);
  } catch (error) {
    throw error instanceof UsernameTaken ? new Failure(error.message) : error;
  }
}

async function fromEnvironment() {
  const rules = await import("#models/user.server");
  const { passwordProblem } = await import("#models/password.server");
  const value = (name: string) => process.env[PREFIX + name] ?? "";
  const [username, email, password] = [value("USERNAME"), value("EMAIL"), value("PASSWORD")];
  const problems = [
    ["USERNAME", wrongBy(rules.username, username)],
    ["EMAIL", wrongBy(rules.email, email)],
    ["PASSWORD", password ? await passwordProblem(password, [username, email]) : "Set a password"],
  ].filter(([, problem]) => problem);
  if (problems.length > 0) {
    throw new Failure(problems.map(([name, problem]) => `${PREFIX}${name}: ${problem}.`).join("\n"));
  }
  return { username, email, password };
}

async function fromTerminal() {
  assertTerminal(`Use --noinput with ${PREFIX}USERNAME and ${PREFIX}PASSWORD.`);
  const rules = await import("#models/user.server");
  const { passwordProblem } = await import("#models/password.server");
  const username = await ask("Username", async (answer) => {
    const problem = wrongBy(rules.username, answer);
    if (problem) return problem;
    return (await rules.User.named(answer.trim())) ? new rules.UsernameTaken().message : true;
  });
  const email = await ask("Email (may be empty)", (answer) => wrongBy(rules.email, answer) ?? true);
  const password = await askNewPassword((typed) => passwordProblem(typed, [username, email]));
  return { username, email, password };
}

const wrongBy = (schema: z.ZodType, value: string) => schema.safeParse(value).error?.issues[0]?.message;
