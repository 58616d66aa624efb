import { DataTypes, Op } from "sequelize";
import type { Migration } from "../migrate.server";

const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
const text = (length: number) => ({ type: DataTypes.STRING(length), allowNull: false });
const flag = { type: DataTypes.BOOLEAN, allowNull: false };
const count = (defaultValue?: number) => ({ type: DataTypes.INTEGER, allowNull: false, defaultValue });
const time = { type: DataTypes.DATE, allowNull: false };

export const up: Migration["up"] = async ({ queryInterface, transaction }) => {
  const table = (name: string, columns: Parameters<typeof queryInterface.createTable>[1]) =>
    queryInterface.createTable(name, columns, { transaction });
  const index = (name: string, fields: string[], options: object = {}) =>
    queryInterface.addIndex("webhook_events", fields, { name, transaction, ...options });

  await table("webhook_events", {
    id,
    provider: text(40),
    event_id: { type: DataTypes.STRING(255) },
    event: { type: DataTypes.STRING(100) },
    signature_valid: flag,
    refusal: { type: DataTypes.STRING(20) },
    secret_tail: { type: DataTypes.STRING(4) },
    payload: { type: DataTypes.JSON },
    text: { type: DataTypes.TEXT },
    bytes: { type: DataTypes.BLOB },
    size: count(),
    digest: text(64),
    headers: { type: DataTypes.JSON },
    ip: text(45),
    duplicates: count(0),
    received_at: time,
  });
  // Of what was accepted, for good: a refused one never takes an id from a genuine one.
  await index("webhook_events_once", ["provider", "event_id"], { unique: true, where: { refusal: null } });
  await index("webhook_events_received", ["received_at", "id"]);
  await index("webhook_events_provider", ["provider", "received_at", "id"]);
  await index("webhook_events_refused", ["received_at", "id", "provider"], {
    where: { refusal: { [Op.ne]: null } },
  });
  await table("webhook_secrets", {
    id,
    provider: text(40),
    value: text(200),
    active: { ...flag, defaultValue: true },
    created_at: time,
  });
  await table("webhook_hours", {
    hour: { ...time, primaryKey: true },
    provider: { ...text(40), primaryKey: true },
    accepted: count(0),
    refused: count(0),
  });
};

export const down: Migration["down"] = async ({ queryInterface, transaction }) => {
  for (const table of ["webhook_hours", "webhook_secrets", "webhook_events"])
    await queryInterface.dropTable(table, { transaction });
};
