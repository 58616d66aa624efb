import type { Command } from "commander";
import { Failure } from "./failure";
import { withDatabase } from "./with-database";

export function configure(command: Command) {
  command
    .option("--plan", "print what would run, and change nothing")
    .option("--to <name>", "stop at this migration; later ones are undone, with `zero` all of them")
    .action((options: Options) => withDatabase(() => migrate(options)));
}

interface Options {
  plan?: boolean;
  to?: string;
}

async function migrate({ plan: onlyPlan, to }: Options) {
  const { migrate, plan, UnknownMigration } = await import("#models/migrate.server");
  try {
    const steps = onlyPlan
      ? await plan(to)
      : await migrate({ to, onStep: ({ direction, name }) => console.log(`${direction} ${name}`) });
    if (onlyPlan) for (const { direction, name } of steps) console.log(`would run: ${direction} ${name}`);
    if (steps.length === 0) console.log("Nothing to do.");
  } catch (error) {
    throw error instanceof UnknownMigration ? new Failure(error.message) : error;
  }
}
