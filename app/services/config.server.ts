/** Settings: what Django's `settings.py` stands for. Read from the environment and `.env`, checked once at start. */
import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { DEFAULT_DATABASE_URL } from "#models/database.server";
import { isEmail } from "#models/rules";
import { singleton } from "#models/singleton.server";

const wholeNumber = (min: number, max: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max));

const listOf = (list: string) => list.split(",").map((item) => item.trim());

interface Setting<T> {
  schema: z.ZodType<T, string>;
  /** What stands in `.env.example`; undefined where the setting may be absent. */
  default?: string;
  /** What is allowed, in words. */
  allowed: string;
  /** What it is for, in words. */
  help: string;
  /** Its value must not be printed. */
  secret?: boolean;
}

const setting = <T>(setting: Setting<T>) => setting;

const SECRET_LENGTH = 32;
const isStrong = (secret: string) => secret.length >= SECRET_LENGTH && new Set(secret).size >= 10;

export const SETTINGS = {
  HOST: setting({
    schema: z.string().regex(/^[\w.:-]+$/),
    default: "127.0.0.1",
    allowed: "a host name or address to listen on",
    help: "Address to listen on. 0.0.0.0 makes it reachable from other machines.",
  }),
  PORT: setting({
    schema: wholeNumber(0, 65_535),
    default: "3000",
    allowed: "a whole number from 0 to 65535",
    help: "Port to listen on; 0 takes any free one.",
  }),
  DATABASE_URL: setting({
    schema: z.string().regex(/^(sqlite:(?!:memory:).+|postgres(ql)?:\/\/.+)/),
    default: DEFAULT_DATABASE_URL,
    allowed: "sqlite:<path of a file> or postgres://user:password@host/database",
    help: "Where the data is.",
    secret: true,
  }),
  UPLOADS: setting({
    schema: z.string(),
    default: "uploads",
    allowed: "the path of a folder",
    help: "Where the files that people upload are kept.",
  }),
  SESSION_SECRET: setting({
    schema: z
      .string()
      .transform(listOf)
      .refine((secrets) => secrets.every(isStrong))
      .optional() as z.ZodType<string[] | undefined, string>,
    allowed: `one or more secrets of ${SECRET_LENGTH} characters or more, not a repeated few, separated by commas`,
    help: "Signs cookies. The first of the list signs, all verify. Without it one is made and kept in data/.",
    secret: true,
  }),
  PUBLIC_URL: setting({
    schema: z
      .url({ protocol: /^https?$/ })
      .regex(/^[^?#]+$/)
      .transform((url) => url.replace(/\/+$/, ""))
      .optional() as z.ZodType<string | undefined, string>,
    allowed: "the address of the site, like https://tenfold.example.com",
    help: "Where people reach the site, for links that leave it. With https, cookies are for https only.",
  }),
  REQUIRE_LOGIN: setting({
    schema: z.enum(["true", "false"]).transform((text) => text === "true"),
    default: "false",
    allowed: "true or false",
    help: "Whether every page asks for a login, but those that a feature names as public.",
  }),
  RUN_JOBS: setting({
    schema: z.enum(["true", "false"]).transform((text) => text === "true"),
    default: "true",
    allowed: "true or false",
    help: "Whether the server runs background jobs itself. Without, `manage worker` has to.",
  }),
  TRUST_PROXY: setting({
    schema: wholeNumber(0, 10),
    default: "0",
    allowed: "the number of proxies in front, 0 to 10",
    help: "How many proxies stand in front and set X-Forwarded-For, -Proto and -Host.",
  }),
  SMTP_URL: setting({
    schema: z.url({ protocol: /^smtps?$/, hostname: /./ }).optional() as z.ZodType<
      string | undefined,
      string
    >,
    allowed: "smtp://user:password@host:port, or smtps:// for TLS from the first byte",
    help: "The mail server. Without one, mails are kept for staff to read. With one, PUBLIC_URL is needed too.",
    secret: true,
  }),
  MAIL_FROM: setting({
    schema: z.string().regex(/^(?:[^\s<>@]+@[^\s<>@]+|[^<>@"\r\n]+ <[^\s<>@]+@[^\s<>@]+>)$/),
    default: "tenfold@localhost",
    allowed: "an address, like tenfold@example.com or Tenfold <tenfold@example.com>",
    help: "Whom mails come from.",
  }),
  CONTACT_TO: setting({
    schema: z
      .string()
      .transform(listOf)
      .refine((addresses) => addresses.every(isEmail))
      .optional() as z.ZodType<string[] | undefined, string>,
    allowed: "one or more addresses, separated by commas",
    help: "Who is told by mail of contact messages. Without it, every superuser who has an address.",
  }),
  DOCUMENT_LIMIT: setting({
    schema: z
      .string()
      .regex(/^[1-9]\d{0,5} ?(MB|GB)$/i)
      .transform((text) => Number.parseInt(text, 10) * 2 ** (/GB$/i.test(text) ? 30 : 20)),
    default: "2 GB",
    allowed: "a size like 500 MB or 2 GB",
    help: "How large a file in the vault may be.",
  }),
  WEBHOOK_SECRET: setting({
    schema: z
      .string()
      .transform(listOf)
      .refine((secrets) => secrets.every(Boolean))
      .optional() as z.ZodType<string[] | undefined, string>,
    allowed: "one or more secrets, separated by commas",
    help: "What webhooks are signed with. Without it, none is accepted but of providers that have secrets of their own.",
    secret: true,
  }),
  WEBHOOK_SECRETS: setting({
    schema: z
      .string()
      .transform((list) => listOf(list).map((pair) => pair.match(/^([\w.-]+)=(.+)$/)?.slice(1) ?? []))
      .refine((pairs) => pairs.every(({ length }) => length === 2))
      .transform((pairs) => pairs.map(([provider, secret]) => ({ provider: provider!, secret: secret! })))
      .optional() as z.ZodType<{ provider: string; secret: string }[] | undefined, string>,
    allowed: "pairs like github=secret,stripe=whsec_secret, several of one provider if need be",
    help: "What webhooks of single providers are signed with. More can be entered in the admin.",
    secret: true,
  }),
  WEBHOOK_DAYS: setting({
    schema: wholeNumber(1, 3_650),
    default: "90",
    allowed: "a whole number of days, 1 to 3650",
    help: "How long the bodies and headers of webhooks are kept, and the refused ones at all.",
  }),
  WEATHER_BASE_URL: setting({
    schema: z
      .url({ protocol: /^https?$/, hostname: /./ })
      .regex(/^[^?#@]+$/)
      .transform((url) => url.replace(/\/+$/, "")),
    default: "https://wttr.in",
    allowed: "the address of wttr.in or of a server like it, such as https://wttr.in",
    help: "Where the weather comes from. `manage weather-stub` is one for where there is no internet.",
  }),
  REDIS_URL: setting({
    schema: z.url({ protocol: /^rediss?$/, hostname: /./ }).optional() as z.ZodType<
      string | undefined,
      string
    >,
    allowed: "redis://user:password@host:port/number, or rediss:// for TLS",
    help: "A Redis in which several processes share their cache and their rate limits, and hear of each other's chat.",
    secret: true,
  }),
  LOG_LEVEL: setting({
    schema: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]),
    default: "info",
    allowed: "fatal, error, warn, info, debug, trace or silent",
    help: "The least serious log lines to write.",
  }),
};

type Settings = { [Name in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[Name]["schema"]> };

/** Says in one line for each wrong setting its name, what was found and what is allowed. */
export class ConfigError extends Error {}

/**
 * Reads the settings from `env`. An empty value counts as absent.
 *
 * @throws ConfigError that names every wrong setting.
 */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { schema, default: fallback, allowed, secret }] of Object.entries<Setting<unknown>>(
    SETTINGS,
  )) {
    const given = env[name]?.trim() || fallback;
    const result = schema.safeParse(given);
    const found = secret ? `a value of ${given?.length} characters` : JSON.stringify(given);
    if (result.success) values[name] = result.data;
    else problems.push(`${name} is ${found}; allowed is ${allowed}.`);
  }
  // A link by the request's own host would be one of the sender's choice.
  if (values.SMTP_URL && !values.PUBLIC_URL)
    problems.push("SMTP_URL needs PUBLIC_URL beside it: mails link to the site by that address.");
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  return values as Settings;
}

/**
 * The secret of `file`, made at the first start (mode 0600) and kept, so that cookies outlive a restart.
 * It is there as a whole or not at all: of two processes that start together one makes it, and the other reads it.
 */
export function keptSecret(file: string): string {
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) {
    const made = `${file}-${randomBytes(6).toString("hex")}`;
    writeFileSync(made, randomBytes(32).toString("base64url"), { mode: 0o600 });
    try {
      linkSync(made, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    rmSync(made);
  }
  const secret = readFileSync(file, "utf8").trim();
  if (!isStrong(secret))
    throw new ConfigError(`${file} holds no usable secret; delete it and a new one is made.`);
  return secret;
}

/** The settings of this process. The first call reads and checks them. */
export const config = () =>
  singleton("config", () => {
    const { SESSION_SECRET, ...settings } = readSettings(process.env);
    return { ...settings, SESSION_SECRET: SESSION_SECRET ?? [keptSecret("data/session-secret")] };
  });
