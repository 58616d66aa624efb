/** Rules about text that several models share, as zod schemas whose messages are written for the person. */
import { z } from "zod";

/** Characters as a person counts them in storage terms: Unicode code points, as Postgres counts VARCHAR(n). */
export const lengthOf = (text: string) => [...text].length;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const CONTROL = /[\u0000-\u001f\u007f\u2028\u2029]/;
const VISIBLE = /[^\s\p{Cc}\p{Cf}]/u;

/** What is wrong with `text` as one line of at most `max` characters called `name`, or null. */
export function lineProblem(text: string, { name, max, empty }: LineRule): string | null {
  if (text.includes("\u0000")) return `${name} must not contain the character NUL`;
  if (!VISIBLE.test(text)) return empty;
  if (CONTROL.test(text)) return `${name} must be one line without control characters`;
  const length = lengthOf(text);
  if (length > max) return `${name} must be ${max} characters or fewer; it has ${length}`;
  return null;
}

export interface LineRule {
  /** How a sentence about it begins: "Title". */
  name: string;
  /** Most Unicode code points. */
  max: number;
  /** What to say when nothing visible is there. */
  empty: string;
}

/** A required single line: trimmed, visible, no control characters, at most `max` code points. */
export const line = (rule: LineRule) =>
  z
    .string(rule.empty)
    .trim()
    .superRefine((text, context) => {
      const message = lineProblem(text, rule);
      if (message) context.addIssue({ code: "custom", message });
    });

/** A single line like `line`, which may also be left empty. */
export const optionalLine = (rule: LineRule) =>
  z
    .string(`${rule.name} must be text`)
    .default("")
    .transform((text) => text.trim())
    .superRefine((text, context) => {
      const message = text && lineProblem(text, rule);
      if (message) context.addIssue({ code: "custom", message });
    });

/**
 * A whole number from 0 to `max`, typed or as a number. With `empty` a value is required, and `empty` is the message;
 * without it, nothing typed means 0.
 */
export const wholeNumber = ({ name, max, empty }: { name: string; max: number; empty?: string }) =>
  z
    .union([z.number(), z.string()], empty ?? `${name} must be a whole number`)
    .default("")
    .transform((typed, context) => {
      const text = String(typed).trim();
      const refuse = (message: string) => {
        context.addIssue({ code: "custom", message });
        return z.NEVER;
      };
      if (text === "") return empty ? refuse(empty) : 0;
      if (!/^-?\d+$/.test(text)) return refuse(`${name} must be a whole number`);
      if (text.startsWith("-") && Number(text) < 0) return refuse(`${name} must be 0 or more`);
      if (Number(text) > max) return refuse(`${name} must be ${max.toLocaleString("en")} or less`);
      return Number(text);
    });

/**
 * Text of several lines: trimmed, line ends as `\n` whatever the browser sends, at most `max` code points. Without
 * `empty` it may be.
 */
export const prose = ({ name, max, empty }: { name: string; max: number; empty?: string }) =>
  z
    .string(empty ?? `${name} must be text`)
    .default("")
    .transform((text) => text.replace(/\r\n?/g, "\n").trim())
    .superRefine((text, context) => {
      const length = lengthOf(text);
      const message =
        (empty && !VISIBLE.test(text) && empty) ||
        (text.includes("\u0000") && `${name} must not contain the character NUL`) ||
        (length > max &&
          `${name} must be ${max.toLocaleString("en")} characters or fewer; it has ${length.toLocaleString("en")}`);
      if (message) context.addIssue({ code: "custom", message });
    });

/** What addresses of the web are made of: a part of them, without anything that would have to be encoded. */
export const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

export const slugRule = (name: string) =>
  `${name} may hold lowercase letters, digits and single hyphens between them`;

/** A required slug of at most `max` characters. */
export const slug = (max: number) =>
  z
    .string("Enter a slug")
    .trim()
    .min(1, "Enter a slug")
    .max(max, `Slug must be ${max} characters or fewer`)
    .regex(SLUG, slugRule("Slug"));

/** Characters of an email address: those of a path in SMTP, without its angle brackets (RFC 5321, 4.5.3.1.3). */
export const LONGEST_EMAIL = 254;

export const isEmail = (text: string) => z.email().safeParse(text).success;

/** One email address, or where it is not `required` nothing. `missing` is what to say where nothing is sent. */
export const emailAddress = ({ name, missing, wrong, required }: EmailRule) =>
  z
    .string(missing)
    .trim()
    .min(required ? 1 : 0, missing)
    .max(LONGEST_EMAIL, `${name} must be ${LONGEST_EMAIL} characters or fewer`)
    .refine((text) => text === "" || isEmail(text), wrong);

interface EmailRule {
  /** How a sentence about it begins: "Email". */
  name: string;
  missing: string;
  wrong: string;
  required: boolean;
}

/** A day that there is: JavaScript takes 31 February for 3 March. */
export function isDate(text: string) {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text < "0001") return false;
  const day = new Date(text);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** A date and time in UTC as `<input type="datetime-local">` sends it, like `2026-01-31T09:30`; null for anything else. */
export function parseUtc(text: string): Date | null {
  const isDateTime = /^.{10}[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?$/.test(text);
  return isDateTime && isDate(text.slice(0, 10)) ? new Date(`${text.replace(" ", "T")}Z`) : null;
}

/** A day like `2026-01-31`, or null where nothing is given. `name` begins a sentence about it: "Due date". */
export const optionalDay = (name: string) =>
  z
    .string()
    .default("")
    .transform((typed, context) => {
      const text = typed.trim();
      if (text === "") return null;
      if (isDate(text)) return text;
      context.addIssue({ code: "custom", message: `${name} must be a date like 2026-01-31` });
      return z.NEVER;
    });
