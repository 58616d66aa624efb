/** The rules that follow from columns: what a form may send, and what it becomes. */
import { z } from "zod";
import { isDate, isEmail, lengthOf, lineProblem, parseUtc, SLUG, slugRule } from "#models/rules";
import type { Widget } from "~/services/admin.server";
import { isId } from "~/services/http.server";

const LARGEST_INTEGER = 2_147_483_647;

interface Ruled {
  label: string;
  widget: Widget;
  required: boolean;
  maxLength?: number;
  type: string;
  nullable: boolean;
  /** The only values that it may have. */
  among?: string[];
}

const TOO_BIG = "is too large a number";

/** The rule of a field that follows from its column. What it takes is text, as a form sends it. */
export function ruleOf({ label, widget, required, maxLength, type, nullable, among }: Ruled): z.ZodType {
  const missing = `Enter ${label.toLowerCase()}`;
  const empty = nullable ? null : "";
  const text = (check: (text: string) => string | null, turn: (text: string) => unknown = (same) => same) =>
    z
      .string()
      .default("")
      .transform((typed, context) => {
        const isProse = widget === "textarea" || widget === "json";
        // Browsers send line ends as the two characters of HTTP (HTML Standard, 4.10.21.4).
        const value = isProse ? typed.replace(/\r\n?/g, "\n").trimEnd() : typed.trim();
        if (value === "") {
          if (required) context.addIssue({ code: "custom", message: missing });
          return empty;
        }
        const problem = check(value);
        if (problem) context.addIssue({ code: "custom", message: problem });
        return problem ? z.NEVER : turn(value);
      });
  const limit = (value: string) =>
    maxLength && lengthOf(value) > maxLength
      ? `${label} must be ${maxLength} characters or fewer; it has ${lengthOf(value)}`
      : null;
  const noNul = (value: string) =>
    value.includes("\u0000") ? `${label} must not contain the character NUL` : null;

  if (type === "BOOLEAN") return z.string().optional().transform(Boolean);
  switch (widget) {
    case "number": {
      const whole = ["INTEGER", "SMALLINT", "BIGINT"].includes(type);
      const pattern = whole ? /^-?\d+$/ : /^-?\d+([.,]\d+)?$/;
      return text(
        (value) => {
          if (!pattern.test(value)) return `${label} must be a ${whole ? "whole " : ""}number`;
          return Math.abs(Number(value.replace(",", "."))) > LARGEST_INTEGER ? `${label} ${TOO_BIG}` : null;
        },
        (value) => Number(value.replace(",", ".")),
      );
    }
    case "date":
      return text((value) => (isDate(value) ? null : `${label} must be a date like 2026-01-31`));
    case "datetime":
      return text(
        (value) => (parseUtc(value) ? null : `${label} must be a date and time (UTC) like 2026-01-31T09:30`),
        parseUtc,
      );
    case "email":
      return text((value) =>
        isEmail(value) ? limit(value) : "Enter an email address like name@example.com",
      );
    case "slug":
      return text((value) => (SLUG.test(value) ? limit(value) : slugRule(label)));
    case "json":
      return text(
        (value) => noNul(value) ?? (isJson(value) ? null : `${label} must be JSON, like {"a": 1}`),
        (value) => JSON.parse(value),
      );
    case "textarea":
      return text((value) => noNul(value) ?? limit(value));
    case "select":
      if (type === "INTEGER") {
        return text((value) => (isId(value) ? null : `Choose ${label.toLowerCase()}`), Number);
      }
      // What a reference may be, the database knows.
      return text((value) =>
        among && !among.includes(value) ? `Choose ${label.toLowerCase()} from the list` : noNul(value),
      );
    default:
      return text((value) => lineProblem(value, { name: label, max: maxLength ?? 100_000, empty: missing }));
  }
}

/** JSON that both databases store: Postgres takes no NUL and no half of a surrogate pair. */
function isJson(text: string) {
  try {
    return !/\\u(0000|d[89a-f])/i.test(JSON.stringify(JSON.parse(text)).replaceAll("\\\\", ""));
  } catch {
    return false;
  }
}
