/** What was found when the files of the vault were last held against their checksums. */
import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
} from "sequelize";
import { sequelize } from "./database.server";

/** A file that is not what it should be. */
export interface Problem {
  /** Of the document. */
  id: number;
  title: string;
  key: string;
  problem: "missing" | "damaged";
}

/** Checks that are kept. */
const KEPT = 50;

export class VaultCheck extends Model<InferAttributes<VaultCheck>, InferCreationAttributes<VaultCheck>> {
  declare id: CreationOptional<number>;
  declare startedAt: Date;
  declare finishedAt: Date;
  /** How many documents were looked at, and bytes of their files. */
  declare documents: number;
  declare bytes: number;
  declare problems: Problem[];
  /** Keys of files that no document points to: left behind, or of an upload under way. */
  declare orphans: string[];

  static async keep(found: Omit<InferCreationAttributes<VaultCheck>, "id">) {
    const { id } = await VaultCheck.create(found);
    const oldest = await VaultCheck.findOne({ order: [["id", "DESC"]], offset: KEPT });
    if (oldest)
      await sequelize.query("DELETE FROM vault_checks WHERE id <= $id", { bind: { id: oldest.id } });
    return id;
  }

  /** What was found last; null before the first time. */
  static async newest() {
    const check = await VaultCheck.findOne({ order: [["id", "DESC"]] });
    if (!check) return null;
    const { startedAt, finishedAt, documents, problems, orphans } = check;
    return { startedAt, finishedAt, documents, bytes: Number(check.bytes), problems, orphans };
  }
}

VaultCheck.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    startedAt: { type: DataTypes.DATE, allowNull: false },
    finishedAt: { type: DataTypes.DATE, allowNull: false },
    documents: { type: DataTypes.INTEGER, allowNull: false },
    bytes: { type: DataTypes.BIGINT, allowNull: false },
    problems: { type: DataTypes.JSON, allowNull: false },
    orphans: { type: DataTypes.JSON, allowNull: false },
  },
  { sequelize, modelName: "vault_check", tableName: "vault_checks", timestamps: false },
);
