/** Searching by words: every word somewhere, whatever its case, `%` and `_` as they are. */
import { literal, type Model, type ModelStatic, Op, type WhereOptions } from "sequelize";
import { isPostgres, isSqlite, quoted, selectSql, sequelize } from "./database.server";
import { select } from "./sql.server";

type Literal = ReturnType<typeof literal>;

const MOST_WORDS = 10;

/** The words of what was typed. */
export const wordsOf = (typed: string) =>
  typed.replaceAll("\u0000", " ").trim().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);

/**
 * A condition: each word is part of at least one of the columns, or of what is made of one. On SQLite, whose LIKE knows
 * the case of ASCII letters only, other letters match as typed, in lower case, or where the text is all in capitals.
 */
export function containsWords(columns: (string | Literal)[], typed: string): WhereOptions {
  const holds = (column: string | Literal, word: string) => {
    const pattern = sequelize.escape(`%${word.replaceAll(/[\\%_]/g, "\\$&")}%`);
    const name = typeof column === "string" ? quoted(column) : column.val;
    return literal(`${name} ${isSqlite() ? "LIKE" : "ILIKE"} ${pattern} ESCAPE '\\'`);
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them.
  const isAscii = (word: string) => /^[\u0000-\u007f]*$/.test(word);
  const inCases = (word: string) =>
    isAscii(word) || !isSqlite() ? [word] : [word, word.toLowerCase(), word.toUpperCase()];
  const anywhere = (word: string) => ({
    [Op.or]: columns.flatMap((column) => inCases(word).map((word) => holds(column, word))),
  });
  return { [Op.and]: wordsOf(typed).map(anywhere) } as WhereOptions;
}

/** The index of what `containsWords` looks for on Postgres, as a model lists it: parts of words, by their trigrams. */
export const trigramIndex = (table: string, column: string) =>
  isPostgres()
    ? [{ name: `${table}_trigrams`, fields: [{ name: column, operator: "gin_trgm_ops" }], using: "gin" }]
    : [];

/**
 * The ids of rows that a search finds, up to one more than `most`, in no order. Parts of words are found in no index:
 * every row is read, once, and by itself SQLite would do that by an index of what is not in the trash, row by row, which
 * takes five times as long.
 */
export async function idsFound<M extends Model>(
  model: ModelStatic<M>,
  where: WhereOptions,
  most: number,
): Promise<number[]> {
  const isPresent = literal(`+${quoted(`${model.name}.deleted_at`)} IS NULL`);
  const passesIndex = isSqlite() && model.options.paranoid;
  const found = await select<{ id: number }>(
    selectSql(model, {
      attributes: ["id"],
      where: passesIndex ? { [Op.and]: [where, isPresent] } : where,
      paranoid: !passesIndex,
      limit: most + 1,
    }),
  );
  return found.map(({ id }) => id);
}
