import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { Failure } from "./failure";

const FOLDER = "models/migrations";

export function configure(command: Command) {
  command.argument("<name>", "what it does, like add-due-date", migrationWords).action((words: string) => {
    console.log(`Write what it does in ${makeMigration(words)}, then run: npm run manage -- migrate`);
  });
}

function migrationWords(words: string) {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(words)) return words;
  throw new InvalidArgumentError("Use lowercase words with hyphens, like add-due-date.");
}

/**
 * Writes the skeleton of a new migration, numbered after the last, and registers it in the folder's index.ts.
 *
 * @returns the path of the new file.
 * @throws Failure where there are no migrations to add to.
 */
export function makeMigration(words: string, folder = FOLDER): string {
  const index = join(folder, "index.ts");
  if (!existsSync(index)) throw new Failure(`${index} is missing: makemigration runs where the source is.`);
  const numbers = readdirSync(folder).map((file) => Number(/^(\d+)-.+\.ts$/.exec(file)?.[1] ?? 0));
  const number = String(Math.max(0, ...numbers) + 1).padStart(4, "0");
  const name = `${number}-${words}`;
  const registered = register(readFileSync(index, "utf8"), number, name);
  const path = join(folder, `${name}.ts`);
  writeFileSync(path, skeleton(name), { flag: "wx" });
  writeFileSync(index, registered);
  return path;
}

const LIST = "migrations: Migration[] = [";

/** The text of index.ts with one more import and one more line in the list. */
function register(index: string, number: string, name: string) {
  const start = index.indexOf(LIST) + LIST.length;
  const end = index.indexOf("];", start);
  const lastImport = index.match(/^import .*$/gm)?.at(-1);
  if (start < LIST.length || end < 0 || !lastImport) throw new Failure(`index.ts has no list \`${LIST}…]\`.`);
  const head = index
    .slice(0, start)
    .replace(lastImport, `${lastImport}\nimport * as m${number} from "./${name}";`);
  const lines = [
    ...(index.slice(start, end).match(/\{[^}]*\}/g) ?? []),
    `{ name: "${name}", ...m${number} }`,
  ];
  return `${head}\n${lines.map((line) => `  ${line},\n`).join("")}${index.slice(end)}`;
}

/** It fails until it is written, so that an empty one is never recorded as done. */
const skeleton = (name: string) => `import type { Migration } from "../migrate.server";

// Pass { transaction } to every call, and give the model what you give its table. For example:
//   import { DataTypes } from "sequelize";
//   await queryInterface.addColumn("things", "due_at", { type: DataTypes.DATE }, { transaction });
//   await queryInterface.sequelize.query("ALTER TABLE things DROP COLUMN due_at", { transaction });
// removeColumn, renameColumn and changeColumn make the table anew on SQLite, without its indexes.

export const up: Migration["up"] = async ({ queryInterface, transaction }) => {
  throw new Error("${name} does not say yet what to do.");
};

export const down: Migration["down"] = async ({ queryInterface, transaction }) => {
  throw new Error("${name} does not say yet how to undo it.");
};
`;
