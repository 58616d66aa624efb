/** Starts and stops what lives as long as the process. */
import { disconnect, ping } from "#models/database.server";
import { migrate } from "#models/migrate.server";
import { singleton } from "#models/singleton.server";
import { featureServers } from "~/features.server";
import { config } from "~/services/config.server";
import { log } from "~/services/log.server";

async function start() {
  const settings = config();
  await migrate({ onStep: ({ direction, name }) => log().info(`migrate ${direction} ${name}`) });
  return { settings, log: log(), ping, notices, stop: disconnect };
}

/** What the features have to say to whoever has just started the server at `url`. */
async function notices(url: string): Promise<string[]> {
  const site = config().PUBLIC_URL ?? url;
  const lines = await Promise.all(featureServers.map(({ notice }) => notice?.(site)));
  return lines.filter((line) => typeof line === "string");
}

/**
 * Starts the house once a process; hot reload finds it running.
 *
 * @throws ConfigError when a setting is wrong.
 */
export const boot = () => singleton("house", start);
