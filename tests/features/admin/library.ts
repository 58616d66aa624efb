/** Models of a feature that only tests have: keys that cascade, that are texts, that lead to themselves; nothing in columns. */
import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
} from "sequelize";
import { sequelize } from "#models/database.server";
import { featureServers } from "~/features.server";
import { adminEntry } from "~/services/admin.server";

// Sequelize writes into what it is given: each has its own.
const id = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });
const text = () => ({ type: DataTypes.STRING(100), allowNull: false });

/** Keeps the shelf from being deleted that it belongs to. */
export class Plate extends Model<InferAttributes<Plate>, InferCreationAttributes<Plate>> {
  declare id: CreationOptional<number>;
  declare text: string;
  declare shelfId: CreationOptional<number | null>;
}
Plate.init(
  {
    id: id(),
    text: text(),
    shelfId: {
      type: DataTypes.INTEGER,
      references: { model: "shelves", key: "id" },
      onDelete: "NO ACTION",
    },
  },
  { sequelize, modelName: "plate", tableName: "plates", timestamps: false },
);

export class Shelf extends Model<InferAttributes<Shelf>, InferCreationAttributes<Shelf>> {
  declare id: CreationOptional<number>;
  declare name: string;
}
Shelf.init(
  { id: id(), name: text() },
  { sequelize, modelName: "shelf", tableName: "shelves", timestamps: false },
);

export class Language extends Model<InferAttributes<Language>, InferCreationAttributes<Language>> {
  declare code: string;
}
Language.init(
  { code: { type: DataTypes.STRING(5), primaryKey: true } },
  { sequelize, modelName: "language", tableName: "languages", timestamps: false },
);

export class Book extends Model<InferAttributes<Book>, InferCreationAttributes<Book>> {
  static readonly noted = ["title"];
  declare id: CreationOptional<number>;
  declare title: string;
  declare shelfId: number;
  /** What it is a volume of. */
  declare wholeId: CreationOptional<number | null>;
  declare languageCode: CreationOptional<string | null>;
  declare pages: CreationOptional<number | null>;
  declare facts: CreationOptional<{ a: number[] } | null>;
  declare reads: CreationOptional<number>;
  declare updatedAt: CreationOptional<Date>;
}
Book.init(
  {
    id: id(),
    title: text(),
    shelfId: {
      type: DataTypes.INTEGER,
      allowNull: false,
      references: { model: "shelves", key: "id" },
      onDelete: "CASCADE",
    },
    wholeId: { type: DataTypes.INTEGER, references: { model: "books", key: "id" }, onDelete: "CASCADE" },
    languageCode: { type: DataTypes.STRING(5), references: { model: "languages", key: "code" } },
    pages: { type: DataTypes.INTEGER },
    facts: { type: DataTypes.JSON },
    reads: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
    updatedAt: { type: DataTypes.DATE, allowNull: false },
  },
  {
    sequelize,
    modelName: "book",
    tableName: "books",
    createdAt: false,
    indexes: [{ fields: ["whole_id"] }, { fields: ["shelf_id"] }],
  },
);

export class Loan extends Model<InferAttributes<Loan>, InferCreationAttributes<Loan>> {
  static readonly noted = ["insteadOfId"];
  declare id: CreationOptional<number>;
  declare bookId: number;
  declare insteadOfId: CreationOptional<number | null>;
}
Loan.init(
  {
    id: id(),
    bookId: {
      type: DataTypes.INTEGER,
      allowNull: false,
      references: { model: "books", key: "id" },
      onDelete: "CASCADE",
    },
    insteadOfId: { type: DataTypes.INTEGER, references: { model: "books", key: "id" }, onDelete: "SET NULL" },
  },
  { sequelize, modelName: "loan", tableName: "loans", timestamps: false },
);

/** Goes to a trash, and what is in it stays. */
export class Crate extends Model<InferAttributes<Crate>, InferCreationAttributes<Crate>> {
  declare id: CreationOptional<number>;
  declare name: string;
}
Crate.init(
  { id: id(), name: text() },
  {
    sequelize,
    modelName: "crate",
    tableName: "crates",
    createdAt: false,
    updatedAt: false,
    paranoid: true,
  },
);

export class Bottle extends Model<InferAttributes<Bottle>, InferCreationAttributes<Bottle>> {
  declare id: CreationOptional<number>;
  declare crateId: number;
}
Bottle.init(
  {
    id: id(),
    crateId: {
      type: DataTypes.INTEGER,
      allowNull: false,
      references: { model: "crates", key: "id" },
      onDelete: "CASCADE",
    },
  },
  { sequelize, modelName: "bottle", tableName: "bottles", timestamps: false },
);

/** A column of every kind. */
export class Kind extends Model<InferAttributes<Kind>, InferCreationAttributes<Kind>> {
  declare id: CreationOptional<number>;
  declare name: string;
  declare slug: string;
  declare contactEmail: CreationOptional<string | null>;
  declare description: CreationOptional<string | null>;
  declare level: CreationOptional<number | null>;
  declare weight: CreationOptional<number | null>;
  declare isOpen: CreationOptional<boolean>;
  declare size: CreationOptional<"small" | "very_large">;
  declare madeOn: CreationOptional<string | null>;
  declare seenAt: CreationOptional<Date | null>;
  declare facts: CreationOptional<object | null>;
  declare shelfId: CreationOptional<number | null>;
}
Kind.init(
  {
    id: id(),
    name: text(),
    slug: { type: DataTypes.STRING(30), allowNull: false, unique: true },
    contactEmail: { type: DataTypes.STRING(50) },
    description: { type: DataTypes.TEXT },
    level: { type: DataTypes.INTEGER },
    weight: { type: DataTypes.DOUBLE },
    isOpen: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
    size: { type: DataTypes.ENUM("small", "very_large"), allowNull: false, defaultValue: "small" },
    madeOn: { type: DataTypes.DATEONLY },
    seenAt: { type: DataTypes.DATE },
    facts: { type: DataTypes.JSON },
    shelfId: { type: DataTypes.INTEGER, references: { model: "shelves", key: "id" }, onDelete: "SET NULL" },
  },
  { sequelize, modelName: "kind", tableName: "kinds", timestamps: false },
);

for (const model of [Shelf, Language, Book, Loan, Plate, Crate, Bottle, Kind]) await model.sync();

featureServers.push({
  name: "library",
  admin: [
    adminEntry<Shelf>({
      model: Shelf,
      plural: "shelves",
      search: ["name"],
      viewOnSite: ({ id }) => `/shelves/${id}`,
    }),
    adminEntry({ model: Plate }),
    adminEntry({ model: Crate }),
    adminEntry({ model: Bottle }),
    adminEntry({
      model: Kind,
      filters: ["size", "isOpen", "madeOn", "shelfId"],
      prepopulate: { slug: "name" },
    }),
    adminEntry<Book>({
      model: Book,
      list: ["title", "pages", "updatedAt", "shelfId"],
      search: ["title"],
      filters: ["shelfId"],
      readonly: ["reads"],
      actions: [
        {
          name: "read",
          label: "Note that the selected books were read",
          needs: "change",
          apply: (book) => book.set({ reads: book.reads + 1 }),
        },
        {
          name: "short",
          label: "Call the selected books short",
          needs: "change",
          apply: (book) => book.set({ pages: 10 }),
        },
      ],
    }),
  ],
});
