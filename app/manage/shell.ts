import { once } from "node:events";
import { start } from "node:repl";
import type { Command } from "commander";
import { Failure } from "./failure";
import { allModels, withDatabase } from "./with-database";

export function configure(command: Command) {
  command
    .addHelpText(
      "after",
      "\nIt also reads what is piped to it: echo 'await Todo.count()' | npm run manage -- shell",
    )
    .action(() => withDatabase(shell));
}

async function shell() {
  const { sequelize, transaction } = await import("#models/database.server");
  const models = Object.fromEntries((await allModels()).map((model) => [className(model.name), model]));
  const known = { ...models, sequelize, transaction };
  const person = process.stdin.isTTY;
  if (person) console.log(`${Object.keys(known).join(", ")}. await works; .exit leaves.`);
  // With a context of its own, a Date made at the prompt would be no `instanceof Date` to Sequelize.
  const repl = start({ prompt: person ? "tenfold> " : "", useGlobal: true });
  Object.assign(repl.context, known);
  await once(repl, "exit");
  if (!person && repl.context._error) throw new Failure("The last error is above.");
}

/** The class of the model `stockItem` is `StockItem`. */
const className = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
