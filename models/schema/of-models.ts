/** The schema that models ask for: Sequelize makes it in a scratch place, and it is described there. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Model, ModelStatic, Sequelize, Transaction } from "sequelize";
import { connect } from "../database.server";
import { describeSchema } from "./describe";
import type { Schema } from "./schema";

/** Describes what `models` ask for. `url` names the database whose dialect counts; its tables are not touched. */
export function schemaOfModels(models: ModelStatic<Model>[], url: string): Promise<Schema> {
  return url.startsWith("sqlite:") ? inScratchFile(models) : inScratchSchema(models, url);
}

async function inScratchFile(models: ModelStatic<Model>[]) {
  const folder = mkdtempSync(join(tmpdir(), "tenfold-check-"));
  const scratch = connect(`sqlite:${join(folder, "scratch.sqlite")}`);
  try {
    copyModels(models, scratch);
    await scratch.sync();
    return withTriggers(await describeSchema(scratch), models, "sqlite");
  } finally {
    await scratch.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The transaction is never committed: nobody else ever sees the scratch schema, and nothing of it can stay. */
async function inScratchSchema(models: ModelStatic<Model>[], url: string) {
  const scratch = connect(url);
  const schema = `check_${randomBytes(8).toString("hex")}`;
  try {
    const transaction = await scratch.transaction();
    try {
      await scratch.query(`CREATE SCHEMA ${schema}`, { transaction });
      // What an extension brought (pg_trgm's operators) is found behind it.
      const path = `set_config('search_path', '${schema}, ' || current_setting('search_path'), true)`;
      await scratch.query(`SELECT ${path}`, { transaction });
      copyModels(models, scratch, schema);
      await makeTables(scratch, schema, transaction);
      return withTriggers(await describeSchema(scratch, transaction), models, "postgres");
    } finally {
      await transaction.rollback();
    }
  } finally {
    await scratch.close();
  }
}

/** Sequelize's own sync stumbles over tables that refer to each other, so foreign keys come after all tables. */
async function makeTables(scratch: Sequelize, schema: string, transaction: Transaction) {
  const copies = Object.values(scratch.models);
  for (const copy of copies) await copy.sync({ transaction, withoutForeignKeyConstraints: true } as object);
  for (const copy of copies) {
    for (const { field, references, onDelete, onUpdate } of Object.values(copy.getAttributes())) {
      if (!references || typeof references === "string") continue;
      await scratch.getQueryInterface().addConstraint(copy.getTableName(), {
        type: "foreign key",
        fields: [field!],
        references: {
          table: { tableName: references.model as string, schema },
          field: references.key ?? "id",
        },
        onDelete: onDelete ?? "",
        onUpdate: onUpdate ?? "",
        transaction,
      });
    }
  }
}

/** Sequelize knows nothing of triggers: a model names its own, by dialect, as `static triggers`. */
function withTriggers(schema: Schema, models: ModelStatic<Model>[], dialect: Dialect): Schema {
  for (const model of models as (ModelStatic<Model> & { triggers?: Record<Dialect, string[]> })[])
    schema[model.tableName]?.triggers.push(...(model.triggers?.[dialect] ?? []));
  return schema;
}

type Dialect = "sqlite" | "postgres";

/** Defines the tables of `models` once more, on another connection. */
function copyModels(models: ModelStatic<Model>[], scratch: Sequelize, schema?: string) {
  for (const model of models) {
    const attributes = Object.entries(model.getAttributes()).map(([name, attribute]) => [
      name,
      { ...attribute },
    ]);
    const copy = scratch.define(model.name, Object.fromEntries(attributes), {
      tableName: model.tableName,
      timestamps: false,
      indexes: model.options.indexes?.map((index) => ({ ...index })),
      schema,
    });
    // Sequelize adds an id where there is no primary key.
    if (!model.getAttributes().id) copy.removeAttribute("id");
  }
}
