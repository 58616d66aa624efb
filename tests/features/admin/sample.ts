/** A model of the tests of the admin alone, with screens like those of a feature. */
import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
} from "sequelize";
import { sequelize } from "#models/database.server";
import { line } from "#models/rules";
import { featureServers } from "~/features.server";
import { adminEntry } from "~/services/admin.server";

const title = line({ name: "Title", max: 200, empty: "Enter a title" });

export class Sample extends Model<InferAttributes<Sample>, InferCreationAttributes<Sample>> {
  declare id: CreationOptional<number>;
  declare title: string;
  declare done: CreationOptional<boolean>;
  declare createdAt: CreationOptional<Date>;
  declare deletedAt: CreationOptional<Date | null>;

  static add(...titles: string[]) {
    return Sample.bulkCreate(titles.map((title) => ({ title })));
  }

  static async toggle(id: number) {
    const sample = await Sample.findByPk(id, { rejectOnEmpty: true });
    await sample.update({ done: !sample.done });
  }

  static async counts() {
    return {
      active: await Sample.count({ where: { done: false } }),
      completed: await Sample.count({ where: { done: true } }),
    };
  }
}

Sample.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    title: { type: DataTypes.STRING(200), allowNull: false },
    done: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
    createdAt: { type: DataTypes.DATE, allowNull: false },
    deletedAt: { type: DataTypes.DATE },
  },
  { sequelize, modelName: "sample", tableName: "samples", updatedAt: false, paranoid: true },
);

featureServers.push({
  name: "samples",
  admin: [
    adminEntry({
      model: Sample,
      singular: "specimen",
      list: ["title", "done", "createdAt"],
      search: ["title"],
      filters: ["done", "createdAt"],
      ordering: ["-createdAt"],
      rules: { title },
      actions: [
        {
          name: "done",
          label: "Mark the selected specimens as done",
          needs: "change",
          apply: (sample) => sample.set({ done: true }),
        },
      ],
    }),
  ],
});

await Sample.sync();
