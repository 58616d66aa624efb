import { once } from "node:events";
import { createInterface } from "node:readline";
import { type REPLServer, type ReplOptions, start } from "node:repl";
import { PassThrough } from "node:stream";
import type { Command } from "commander";
import { Failure } from "./failure";
import { allModels, withDatabase } from "./with-database";

export function configure(command: Command) {
  command
    .addHelpText(
      "after",
      "\nIt also runs what is piped to it: echo 'await User.count()' | npm run manage -- shell",
    )
    .action(() => withDatabase(shell));
}

async function shell() {
  const { sequelize, transaction } = await import("#models/database.server");
  const models = Object.fromEntries((await allModels()).map((model) => [className(model.name), model]));
  const known = { ...models, sequelize, transaction };
  // In a context of its own, a Date made at the prompt would not be `instanceof Date` to our code.
  const options = { useGlobal: true };
  if (process.stdin.isTTY) {
    console.log(`${Object.keys(known).join(", ")}. await works; .exit leaves.`);
    await ended(start({ ...options, prompt: "tenfold> " }), known);
  } else {
    await runPiped(options, known);
  }
}

function ended(repl: REPLServer, known: object) {
  Object.assign(repl.context, known);
  return once(repl, "exit");
}

/** Left to itself, the prompt would start every piped line at once: here one is read when the last is done. */
async function runPiped(options: ReplOptions, known: object) {
  const reader = createInterface({ input: process.stdin });
  const lines = reader[Symbol.asyncIterator]();
  const input = new PassThrough();
  const repl = start({
    ...options,
    input,
    output: process.stdout,
    terminal: false,
    prompt: "",
    ignoreUndefined: true,
  });
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) input.end();
    else input.write(`${value}\n`);
  };
  repl.displayPrompt = next;
  next();
  await ended(repl, known);
  reader.close();
  if (repl.context._error) throw new Failure("The last error is above.");
}

/** The class of the model `stockItem` is `StockItem`. */
const className = (name: string) => name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
