import { QueryTypes, type Sequelize, type Transaction } from "sequelize";
import { postgresRows } from "./postgres";
import { type Schema, schemaFrom } from "./schema";
import { sqliteRows } from "./sqlite";

/** Reads the schema of a database; on Postgres the one that the search path begins with. */
export async function describeSchema(sequelize: Sequelize, transaction?: Transaction): Promise<Schema> {
  const select = <Row extends object>(sql: string) =>
    sequelize.query<Row>(sql, { type: QueryTypes.SELECT, transaction });
  return schemaFrom(
    await (sequelize.getDialect() === "postgres" ? postgresRows(select) : sqliteRows(select)),
  );
}
