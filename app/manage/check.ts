import type { Command } from "commander";
import { Failure } from "./failure";
import { allModels, migrationProblems, withDatabase } from "./with-database";

export function configure(command: Command) {
  command
    .addHelpText(
      "after",
      "\nOn Postgres it needs the right to create a schema; it makes one and rolls it back.",
    )
    .action(() => withDatabase(check));
}

/** While migrations are missing, every difference would be a consequence of it: nothing else is told. */
async function check() {
  const problems = await migrationProblems();
  if (problems.length === 0) problems.push(...(await differences()));
  if (problems.length > 0) throw new Failure(problems.join("\n"));
  console.log("Models and schema agree.");
}

async function differences() {
  const { DEFAULT_DATABASE_URL, sequelize } = await import("#models/database.server");
  const { describeSchema } = await import("#models/schema/describe");
  const { schemaOfModels } = await import("#models/schema/of-models");
  const { compare } = await import("#models/schema/compare");
  const { migrations: _, ...database } = await describeSchema(sequelize);
  const url = process.env.DATABASE_URL || DEFAULT_DATABASE_URL;
  return compare(await schemaOfModels(await allModels(), url), database);
}
