/** Starts and stops what lives as long as the process. */
import { disconnect, ping } from "#models/database.server";
import { migrate } from "#models/migrate.server";
import { singleton } from "#models/singleton.server";
import { config } from "~/services/config.server";
import { log } from "~/services/log.server";

async function start() {
  const settings = config();
  await migrate({ onStep: ({ direction, name }) => log().info(`migrate ${direction} ${name}`) });
  return { settings, log: log(), ping, stop: disconnect };
}

/**
 * Starts the house once a process; hot reload finds it running.
 *
 * @throws ConfigError when a setting is wrong.
 */
export const boot = () => singleton("house", start);
