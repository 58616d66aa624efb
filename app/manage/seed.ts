import { type Command, InvalidArgumentError } from "commander";
import type { FeatureServer } from "~/features.server";
import { allModels, assertSettings, withTables } from "./with-database";

const MOST = 1_000_000;

export async function configure(command: Command) {
  await assertSettings();
  const { featureServers } = await import("~/features.server");
  const seeds = featureServers.filter(({ seed }) => seed);
  const options = seeds.map(({ name, seed }) => {
    const things = seed?.of ?? name;
    return command
      .createOption(`--${things} <number>`, `how many of ${things} to have`)
      .argParser(wholeNumber)
      .default(seed?.count);
  });
  for (const option of options) command.addOption(option);
  command.action((counts: Record<string, number>) =>
    withTables(() => seedAll(seeds, (n) => counts[options[n]!.attributeName()]!)),
  );
}

function wholeNumber(text: string) {
  if (/^\d+$/.test(text) && Number(text) <= MOST) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${MOST.toLocaleString("en")}.`);
}

async function seedAll(features: FeatureServer[], countOf: (n: number) => number) {
  for (const [n, { name, seed }] of features.entries()) {
    const before = await rowsByTable();
    await seed?.run(countOf(n));
    const after = await rowsByTable();
    const added = [...after]
      .map(([table, rows]) => ({ table, rows: rows - (before.get(table) ?? 0) }))
      .filter(({ rows }) => rows > 0);
    const words = added.map(({ table, rows }) => `${rows} in ${table}`).join(", ");
    console.log(`${name}: ${words ? `added ${words}` : "nothing to add"}`);
  }
}

async function rowsByTable() {
  const rows = new Map<string, number>();
  for (const model of await allModels()) {
    rows.set(model.tableName, await model.unscoped().count({ paranoid: false }));
  }
  return rows;
}
