/** Log lines as JSON on standard output: what Django's `LOGGING` stands for. */
import pino from "pino";
import { singleton } from "#models/singleton.server";
import { config } from "./config.server";

/** The process's logger. */
export const log = () => singleton("log", () => pino({ level: config().LOG_LEVEL, base: undefined }));
