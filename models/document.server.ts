/**
 * Documents: files that only their owner, and those who look after the vault, may see.
 * Over 300 lines: every verb goes by the one rule of who may see what, and is to be read beside it.
 */
import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  literal,
  Model,
  Op,
  type Transaction,
  type WhereOptions,
} from "sequelize";
import { Activity, type Actor, type Reading } from "./activity.server";
import { createAll, isSqlite, quoted, type Slice, sequelize, transaction } from "./database.server";
import { cleanFilename, LONGEST_TITLE } from "./document-filename";
import { eachRow } from "./each-row.server";
import { fold } from "./fold";
import { Job } from "./job.server";
import { line } from "./rules";
import { wordsOf } from "./search.server";
import { eraseOne, PRESENT, restoreOne, trashed, trashedCount, trashIndex, trashOne } from "./trash.server";
import { calledSql, User } from "./user.server";

const LONGEST_FILENAME = 255;
const KEY_LENGTH = 100;
/** Who is in it sees every document. */
const LOOKS_AFTER = "admin";
/** Milliseconds in which the same reading by the same person is noted once. */
const READING = 10 * 60 * 1000;
/** Rows that are read at once where all of them are. */
const BATCH = 100;
/** Files that one job removes. */
const REMOVED_AT_ONCE = 500;
/** The job that removes files which no document points to any more. */
export const REMOVE_FILES = "remove-document-files";

export const documentTitle = line({ name: "Title", max: LONGEST_TITLE, empty: "Enter a title" });
export const documentFilename = line({
  name: "File name",
  max: LONGEST_FILENAME,
  empty: "Enter what the file is to be called",
}).transform(cleanFilename);

/** Who wants to see documents. */
export interface Viewer extends Actor {
  readonly isSuperuser: boolean;
  isIn(group: string): boolean;
}

/** How a document may be shown without being downloaded. */
export type Kind = "picture" | "text" | "pdf";

/** A file in the store, and what it takes to know that it is still whole. */
export interface StoredContent {
  key: string;
  size: number;
  /** In hexadecimal. */
  sha256: string;
  /** SHA-256 of each block of the file, one after the other. */
  blocks: Buffer;
  kind: Kind | null;
  /** Of a picture: the key of one that was drawn anew. */
  preview: string | null;
}

/** A document as lists get it. */
export interface DocumentRow {
  id: number;
  title: string;
  filename: string;
  size: number;
  /** What others call its owner; null where they are gone. */
  owner: string | null;
  createdAt: Date;
}

/** What somebody keeps here. */
export interface NewDocument extends StoredContent {
  title: string;
  filename: string;
}

/** Whether somebody sees every document, whoever owns it. */
export const seesAll = (viewer: Viewer) => viewer.isSuperuser || viewer.isIn(LOOKS_AFTER);

export class Document extends Model<InferAttributes<Document>, InferCreationAttributes<Document>> {
  /** What the history keeps of a change. */
  static readonly noted: (keyof Attributes<Document>)[] = ["title", "filename", "sha256"];

  declare id: CreationOptional<number>;
  declare title: string;
  /** Null once the person is gone: their documents stay with those who look after the vault. */
  declare ownerId: number | null;
  declare filename: string;
  /** What is searched. Follows title and file name. */
  declare search: CreationOptional<string>;
  declare key: string;
  declare size: number;
  declare sha256: string;
  declare kind: Kind | null;
  declare preview: string | null;
  declare createdAt: CreationOptional<Date>;
  /** When its title, its file name or its file was last changed. */
  declare changedAt: CreationOptional<Date>;
  declare deletedAt: CreationOptional<Date | null>;
  declare blocks: Buffer;

  /** The one rule of who may see what: part of every query that somebody's request leads to. */
  static visibleTo(viewer: Viewer): WhereOptions<Attributes<Document>> {
    return seesAll(viewer) ? {} : { ownerId: viewer.id ?? 0 };
  }

  /** `limit` of the documents that somebody sees and that a search finds, from `offset` on, the newest first. */
  static async list(viewer: Viewer, q: string, { offset, limit }: Slice): Promise<DocumentRow[]> {
    const rows = (await Document.findAll({
      attributes: ["id", "title", "filename", "size", "createdAt", OWNER],
      where: found(viewer, q),
      order: [["id", "DESC"]],
      offset,
      limit,
      raw: true,
    })) as unknown as DocumentRow[];
    // Raw rows keep the types of the database.
    return rows.map((row) => ({ ...row, size: Number(row.size), createdAt: new Date(row.createdAt) }));
  }

  /** How many of the documents that somebody sees a search finds. */
  static total(viewer: Viewer, q = ""): Promise<number> {
    return Document.count({ where: found(viewer, q) });
  }

  /** A document, if it is there and this person may see it. */
  static find(id: number, viewer: Viewer): Promise<Document | null> {
    return Document.findOne({ where: mine(viewer, { id }) });
  }

  /** What its owner is called; null once they are gone. */
  static async ownerOf(id: number): Promise<string | null> {
    const row = await Document.findByPk(id, { attributes: [OWNER], raw: true });
    return (row as unknown as DocumentRow | null)?.owner ?? null;
  }

  /**
   * Adds documents: all of them, or none.
   *
   * @returns their ids; null where the person is not there any more, or may not sign in: an upload can take hours.
   * @throws ZodError when a value breaks its rule.
   */
  static async add(documents: NewDocument[], by: Actor): Promise<number[] | null> {
    const rows = documents.map((document) => ({ ...document, ...named(document), ownerId: by.id }));
    return transaction(async (transaction) => {
      if (!(await User.isStillThere(by.id ?? 0, transaction))) return null;
      const made = await createAll(Document, rows, transaction);
      await Activity.note("add", made, by, transaction);
      return made.map(({ id }) => id);
    });
  }

  /**
   * Changes what a document is called, and with `content` its file. Its id stays; the file before is removed.
   *
   * @returns whether there is such a document that this person may see by now: an upload can take hours.
   * @throws ZodError when a value breaks its rule.
   */
  static async edit(
    id: number,
    values: { title: string; filename: string },
    content: StoredContent | undefined,
    by: Viewer,
  ): Promise<boolean> {
    const names = named(values);
    return transaction(async (transaction) => {
      const now = await User.asOfNow(by.id ?? 0, transaction);
      if (!now) return false;
      const document = await Document.findOne({ where: mine(now, { id }), transaction, lock: true });
      if (!document) return false;
      if (content) await release(document.fileKeys(), transaction);
      document.set({ ...names, ...content, changedAt: new Date() });
      await Activity.note("change", document, by, transaction);
      await document.save({ transaction });
      return true;
    });
  }

  /** @returns the title of what went to the trash, or null when there is no such document. */
  static moveToTrash(id: number, by: Viewer) {
    return trashOne(Document, id, by, Document.visibleTo(by));
  }

  /** Takes a document out of the trash. @returns its title, or null when there is none. */
  static restoreOne(id: number, by: Viewer) {
    return restoreOne(Document, id, by, Document.visibleTo(by));
  }

  /** Deletes a document in the trash for good, and its file. @returns its title, or null when there is none. */
  static eraseOne(id: number, by: Viewer) {
    return eraseOne(Document, id, by, Document.visibleTo(by));
  }

  /** What somebody can still restore, last deleted first. */
  static trashed(viewer: Viewer, slice: Slice) {
    return trashed(Document, slice, [], Document.visibleTo(viewer));
  }

  static trashedCount(viewer: Viewer) {
    return trashedCount(Document, Document.visibleTo(viewer));
  }

  /** Every document with its file, those in the trash too. */
  static every(): AsyncGenerator<Document> {
    return eachRow(Document, { paranoid: false }, BATCH);
  }

  /** Whether a document, be it in the trash, points to a file. */
  static async pointsTo(key: string): Promise<boolean> {
    const where = { [Op.or]: [{ key }, { preview: key }] };
    return (await Document.findOne({ attributes: ["id"], where, paranoid: false, raw: true })) !== null;
  }

  /** The key of every file that a document points to. */
  static async *fileKeys(): AsyncGenerator<string> {
    const options = { attributes: ["id", "key", "preview"], paranoid: false };
    for await (const row of eachRow(Document, options, BATCH * 10)) yield* row.fileKeys();
  }

  /** The keys of its files. */
  fileKeys(): string[] {
    return [this.key, this.preview].filter((key) => key !== null);
  }

  /** Notes who has read it: once for what belongs together, such as the parts of a download. */
  async noteReading(deed: Reading, by: Actor) {
    const since = Math.max(Date.now() - READING, this.changedAt.getTime());
    await Activity.noteReading(deed, this, by, new Date(since));
  }

  /** What was done to it, and who has opened and downloaded it, the newest first. */
  async history(limit: number) {
    const deeds = await Activity.of("document", this.id, { limit });
    return deeds.map(({ id, deed, userName, createdAt }) => ({ id, deed, by: userName, at: createdAt }));
  }
}

const mine = (viewer: Viewer, where: WhereOptions<Attributes<Document>>) => ({
  [Op.and]: [Document.visibleTo(viewer), where],
});

const named = ({ title, filename }: { title: string; filename: string }) => ({
  title: documentTitle.parse(title),
  filename: documentFilename.parse(filename),
});

const searchTextOf = ({ title = "", filename = "" }: { title?: string; filename?: string }) =>
  `${fold(title)}\n${fold(filename)}`;

/** The documents that somebody sees and in whose title or file name every word is somewhere. */
function found(viewer: Viewer, q: string): WhereOptions<Attributes<Document>> {
  const column = quoted("document.search");
  const holds = (word: string) =>
    literal(
      isSqlite()
        ? `INSTR(${column}, ${sequelize.escape(word)}) > 0`
        : `POSITION(${sequelize.escape(word)} IN ${column}) > 0`,
    );
  return mine(viewer, { [Op.and]: wordsOf(fold(q)).map(holds) });
}

const OWNER: [ReturnType<typeof literal>, string] = [
  literal(`(SELECT ${calledSql("u")} FROM users u WHERE u.id = ${quoted("document.owner_id")})`),
  "owner",
];

/** Has files removed once this has committed: a job, so that none is forgotten, whatever happens to the process. */
async function release(keys: string[], transaction: Transaction) {
  const jobs = [];
  for (let start = 0; start < keys.length; start += REMOVED_AT_ONCE) {
    const payload = { keys: keys.slice(start, start + REMOVED_AT_ONCE) };
    jobs.push({ name: REMOVE_FILES, payload, maxAttempts: 5 });
  }
  await Job.addAll(jobs, transaction);
}

/** A name that the search follows, whatever way it is set. */
const followed = (attribute: "title" | "filename", length: number) => ({
  type: DataTypes.STRING(length),
  allowNull: false,
  set(this: Document, value: string) {
    this.setDataValue(attribute, value);
    this.setDataValue("search", searchTextOf(this));
  },
});

const now = { type: DataTypes.DATE, allowNull: false, defaultValue: DataTypes.NOW };

Document.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    title: followed("title", LONGEST_TITLE),
    ownerId: { type: DataTypes.INTEGER, references: { model: "users", key: "id" }, onDelete: "SET NULL" },
    filename: followed("filename", LONGEST_FILENAME),
    search: { type: DataTypes.TEXT, allowNull: false },
    key: { type: DataTypes.STRING(KEY_LENGTH), allowNull: false },
    size: {
      type: DataTypes.BIGINT,
      allowNull: false,
      // Postgres hands it over as text.
      get(this: Document) {
        return Number(this.getDataValue("size"));
      },
    },
    sha256: { type: DataTypes.STRING(64), allowNull: false },
    kind: { type: DataTypes.STRING(10) },
    preview: { type: DataTypes.STRING(KEY_LENGTH) },
    createdAt: { ...now, defaultValue: undefined },
    changedAt: now,
    deletedAt: { type: DataTypes.DATE },
    blocks: { type: DataTypes.BLOB, allowNull: false },
  },
  {
    sequelize,
    modelName: "document",
    tableName: "documents",
    updatedAt: false,
    paranoid: true,
    indexes: [
      { name: "documents_all", fields: ["id", "deleted_at"], ...PRESENT },
      { name: "documents_of", fields: ["owner_id", "id", "deleted_at"], ...PRESENT },
      trashIndex("documents"),
      { name: "documents_key", fields: ["key"], unique: true },
      { name: "documents_preview", fields: ["preview"], unique: true },
    ],
  },
);

/** Whatever deletes documents for good, such as the sweep of the trash: their files go after them. */
Document.addHook("beforeBulkDestroy", async (options: object) => {
  const { where, force, transaction } = options as {
    where: WhereOptions;
    force?: boolean;
    transaction: Transaction;
  };
  if (!force) return;
  const attributes = ["id", "key", "preview"];
  const rows = await Document.findAll({ attributes, where, paranoid: false, transaction });
  await release(
    rows.flatMap((row) => row.fileKeys()),
    transaction,
  );
});
