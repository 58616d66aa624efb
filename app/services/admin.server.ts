/** How a feature declares its screens in the admin: what Django's `ModelAdmin` stands for. */
import type { Model, ModelStatic, Transaction } from "sequelize";
import type { z } from "zod";
import type { CurrentUser } from "#models/current-user.server";
import type { FileField } from "./uploads.server";

export type Widget =
  | "text"
  | "textarea"
  | "number"
  | "checkbox"
  | "date"
  | "datetime"
  | "email"
  | "slug"
  | "select"
  /** A reference to more rows than a select can hold. */
  | "lookup"
  | "file"
  | "json";

/** A column of the list that is no attribute of the model. */
export interface Column<Row> {
  label: string;
  value(row: Row): string | number | boolean | Date | null;
}

/** What can be done with the rows that a person has selected in the list. */
interface BulkAction<Row> {
  name: string;
  /** What the choice says: "Mark as done". */
  label: string;
  /** The permission that it takes. */
  needs: "change" | "delete";
  /** Changes one row, which is then saved and noted. */
  apply(row: Row): void;
}

/** Many of another model, or of names, that belong to a row: groups of a person, permissions of a group. */
export interface Many {
  /** The name of the field. */
  name: string;
  label: string;
  help?: string;
  choices(): Promise<{ value: string; label: string }[]>;
  read(row: Model, transaction?: Transaction): Promise<string[]>;
  write(row: Model, values: string[], transaction: Transaction): Promise<void>;
  /** Drawn as a table of model by action. */
  grid?: boolean;
}

/**
 * A file of a row in the file store, by the attribute that holds its key, whose URL is `/media/<key>`. The form shows
 * it, takes it away, and takes another.
 */
interface AdminFile<Row, Kept> {
  field: FileField<Kept>;
  /** What the file chooser offers, as in HTML: `image/*`. */
  accept?: string;
  /** What the row holds of what was kept; null takes the file away. */
  values(kept: Kept | null): object;
  /** The keys of every file that the row points to through it. */
  keys(row: Row): string[];
}

/** What speaks against a change that fits every single rule. */
export interface Refusal {
  /** The field where it is said. */
  name: string;
  message: string;
}

/** What is about to be done. `row` is as it is now; without one it is to be added. */
export interface Intent<Row> {
  deed: "add" | "change" | "delete";
  row: Row | null;
  /** What the fields are to be, by attribute. */
  values: Record<string, unknown>;
  /** What the many are to be, by name. */
  many: Record<string, string[]>;
  by: CurrentUser;
  transaction: Transaction;
}

export interface AdminEntry<Row extends Model = Model> {
  model: ModelStatic<Row>;
  /** What one is called, and several: "to-do", "to-dos". By default from the model's name. */
  singular?: string;
  plural?: string;
  /** What a row is called; by default its first text column. */
  name?(row: Row): string;
  /** Columns of the list, by attribute or of one's own; by default its name. */
  list?: (string | Column<Row>)[];
  /** Attributes that the search looks in. */
  search?: string[];
  /** Attributes to filter by: booleans, choices, dates, references. */
  filters?: string[];
  /** Attributes in their order, `-` before those that go down; by default the newest first. */
  ordering?: string[];
  /** Attributes that are shown and cannot be changed. */
  readonly?: string[];
  /** Attributes that are neither shown nor kept in the history, such as hashes. */
  secret?: string[];
  /** Attributes under headings; those that no one names come first. */
  fieldsets?: { title: string; fields: string[] }[];
  labels?: Record<string, string>;
  help?: Record<string, string>;
  widgets?: Record<string, Widget>;
  /** A rule of the model's own for an attribute, in place of the one that follows from its type. */
  rules?: Record<string, z.ZodType>;
  /** A slug, and the attribute that it is made from while a row is added. */
  prepopulate?: Record<string, string>;
  /** Files, by attribute. */
  // biome-ignore lint/suspicious/noExplicitAny: what a field keeps is its own business.
  files?: Record<string, AdminFile<Row, any>>;
  actions?: BulkAction<Row>[];
  many?: Many[];
  /** Where the row is seen on the site. */
  viewOnSite?(row: Row): string;
  /**
   * The fields, attributes or many, whose change is so delicate that it asks for one's own password, where that was
   * last given over 15 minutes ago.
   */
  delicate?: string[];
  /** Refuses what fits every single rule. */
  refuse?(intent: Intent<Row>): Promise<Refusal | null>;
  /** What is done along with a deed, in its transaction: after a change, before a deletion. */
  along?(intent: Intent<Row> & { row: Row }): Promise<void>;
  /** Attributes of the form that adds a row, without any many: the rest begins as the model says. By default all. */
  adding?: string[];
  /** More fields of the form that adds a row, which become values: a password that becomes a hash. */
  extra?: Extra;
  /** What else there is to do with a row: for who may change it, or where nobody may, for who may see it. */
  links?(row: Row, by: CurrentUser): RowLink[];
  /** Rows cannot be added or changed here. */
  viewOnly?: boolean;
}

/** A screen of the admin, or an address elsewhere, such as `mailto:`. */
interface RowLink {
  label: string;
  to: string;
  /** What a button posts there. */
  post?: Record<string, string>;
}

interface Extra {
  schema: z.ZodObject;
  fields: { name: string; label: string; help?: string; type: "password" }[];
  /** The values by attribute, or what is wrong. */
  read(
    typed: Record<string, string>,
    values: Record<string, unknown>,
  ): Promise<Refusal | Record<string, unknown>>;
}

/** Gives an entry its model's type. */
export const adminEntry = <Row extends Model>(entry: AdminEntry<Row>) => entry as unknown as AdminEntry;
