import { Command, CommanderError } from "commander";
import { commands } from "./commands";
import { Failure } from "./failure";

/**
 * Runs one command of the command line.
 *
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage.
 */
export async function run(argv: string[]): Promise<number> {
  try {
    const program = new Command("manage")
      .description("Tenfold's command line")
      .exitOverride()
      .showHelpAfterError();
    for (const { name, summary, load } of commands) {
      const command = program.command(name).description(summary);
      if (argv.includes(name)) await (await load()).configure(command);
    }
    await program.parseAsync(argv, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    console.error(error instanceof Failure ? error.message : error);
    return 1;
  }
}
