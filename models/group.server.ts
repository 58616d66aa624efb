import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Transaction,
} from "sequelize";
import { sequelize, transaction } from "./database.server";
import { assertPermissions } from "./permission.server";
import { line } from "./rules";

const NAME = { name: "Name", max: 150, empty: "Enter a name for the group" };

export const groupName = line(NAME);

/** A role: people in it have its permissions, and features may ask for it by name. */
export class Group extends Model<InferAttributes<Group>, InferCreationAttributes<Group>> {
  declare id: CreationOptional<number>;
  declare name: string;

  /** The group of that name, made where it is missing. */
  static async named(name: string, transaction?: Transaction) {
    const [group] = await Group.findOrCreate({ where: { name: groupName.parse(name) }, transaction });
    return group;
  }

  /**
   * Gives the group exactly these permissions.
   *
   * @throws Error that names what is no permission.
   */
  async setPermissions(names: string[]) {
    assertPermissions(names);
    const rows = [...new Set(names)].map((permission) => ({ groupId: this.id, permission }));
    await transaction(async (transaction) => {
      await GroupPermission.destroy({ where: { groupId: this.id }, transaction });
      await GroupPermission.bulkCreate(rows, { transaction });
    });
  }

  async permissions(transaction?: Transaction) {
    const where = { groupId: this.id };
    const rows = await GroupPermission.findAll({ where, order: ["permission"], transaction });
    return rows.map(({ permission }) => permission);
  }
}

Group.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    name: { type: DataTypes.STRING(NAME.max), allowNull: false },
  },
  {
    sequelize,
    modelName: "group",
    tableName: "groups",
    timestamps: false,
    indexes: [{ name: "groups_name", fields: ["name"], unique: true }],
  },
);

export class GroupPermission extends Model<
  InferAttributes<GroupPermission>,
  InferCreationAttributes<GroupPermission>
> {
  declare groupId: number;
  declare permission: string;
}

GroupPermission.init(
  {
    groupId: {
      type: DataTypes.INTEGER,
      primaryKey: true,
      references: { model: "groups", key: "id" },
      onDelete: "CASCADE",
    },
    permission: { type: DataTypes.STRING(150), primaryKey: true },
  },
  { sequelize, modelName: "group_permission", tableName: "group_permissions", timestamps: false },
);
