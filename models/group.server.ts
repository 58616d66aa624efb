import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Transaction,
} from "sequelize";
import { sequelize } from "./database.server";
import { permissionsIn, setPermissionsIn } from "./permission.server";
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
  setPermissions(names: string[], transaction?: Transaction) {
    return setPermissionsIn(GroupPermission, { groupId: this.id }, names, transaction);
  }

  permissions(transaction?: Transaction) {
    return permissionsIn(GroupPermission, { groupId: this.id }, transaction);
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
