/** Searching by words: every word somewhere, whatever its case, `%` and `_` as they are. */
import { and, col, fn, Op, or, type WhereOptions, where } from "sequelize";
import { sequelize } from "./database.server";

const MOST_WORDS = 10;

/** The words of what was typed. */
export const wordsOf = (typed: string) =>
  typed.replaceAll("\u0000", " ").trim().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);

/**
 * A condition: each word is part of at least one of the columns. On SQLite, whose `lower` knows ASCII only, other
 * letters match as typed, in lower case, or where the text is all in capitals.
 */
export function containsWords(columns: string[], typed: string): WhereOptions {
  const position = sequelize.getDialect() === "sqlite" ? "instr" : "strpos";
  const holds = (column: string, change: "lower" | "upper", word: string) =>
    where(fn(position, fn(change, col(column)), word), Op.gt, 0);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them.
  const isAscii = (word: string) => /^[\u0000-\u007f]*$/.test(word);
  const inColumn = (column: string, word: string) => [
    holds(column, "lower", word.toLowerCase()),
    ...(isAscii(word) ? [] : [holds(column, "lower", word), holds(column, "upper", word.toUpperCase())]),
  ];
  const anywhere = (word: string) => or(...columns.flatMap((column) => inColumn(column, word)));
  return and(...wordsOf(typed).map(anywhere)) as WhereOptions;
}
