/** Log lines as JSON on standard output: what Django's `LOGGING` stands for. */
import pino from "pino";
import { singleton } from "#models/singleton.server";
import { config } from "./config.server";

/**
 * What is said of an error. Not all that it carries: Sequelize's hold the statement with its values, and these may be
 * addresses or hashes of passwords.
 */
export const errorView = ({ name, message, stack, ...rest }: Error & { code?: unknown }) => ({
  type: name,
  message,
  stack,
  code: rest.code,
});

/** The process's logger. */
export const log = () =>
  singleton("log", () =>
    pino({ level: config().LOG_LEVEL, base: undefined, serializers: { err: errorView } }),
  );
