import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
} from "sequelize";
import { z } from "zod";
import { sequelize } from "./database.server";
import { line } from "./rules";

const LONGEST = 200;

/** What a provider may be called, in its URL and everywhere. */
export const isProvider = (name: string) => /^[a-z0-9][a-z0-9._-]{0,39}$/i.test(name);

export const webhookProvider = z
  .string("Enter a provider")
  .trim()
  .refine(isProvider, "Provider must be 1 to 40 letters, digits, hyphens, dots or underscores, like github");
export const webhookSecret = line({ name: "Secret", max: LONGEST, empty: "Enter a secret" });

/** What is shown of a secret. */
export const tailOf = (secret: string) => secret.slice(-4);

/** What a provider signs its events with, as staff have entered it. Several at once while one takes another's place. */
export class Secret extends Model<InferAttributes<Secret>, InferCreationAttributes<Secret>> {
  static readonly noted: (keyof Attributes<Secret>)[] = ["provider", "active"];

  declare id: CreationOptional<number>;
  declare provider: string;
  /** Kept as it is: a signature cannot be checked by a hash of it. It is never shown again. */
  declare value: string;
  /** Whether it is accepted. One that is not any more still explains a refusal. */
  declare active: CreationOptional<boolean>;
  declare createdAt: CreationOptional<Date>;

  /** Those of a provider, the newest first. */
  static of(provider: string): Promise<{ value: string; active: boolean }[]> {
    const attributes = ["value", "active"];
    return Secret.findAll({ attributes, where: { provider }, order: [["id", "DESC"]] });
  }
}

Secret.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    provider: { type: DataTypes.STRING(40), allowNull: false },
    value: { type: DataTypes.STRING(LONGEST), allowNull: false },
    active: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: true },
    createdAt: { type: DataTypes.DATE, allowNull: false },
  },
  { sequelize, modelName: "secret", tableName: "webhook_secrets", updatedAt: false },
);
