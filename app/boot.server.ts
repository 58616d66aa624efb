/** Starts and stops what lives as long as the process. */
import { disconnect, ping } from "#models/database.server";
import { migrate } from "#models/migrate.server";
import { singleton } from "#models/singleton.server";
import { featureServers } from "~/features.server";
import { closeChannels } from "~/services/channels.server";
import { config } from "~/services/config.server";
import { endStreams } from "~/services/events.server";
import { log } from "~/services/log.server";
import { closeRedis } from "~/services/redis.server";
import { startSchedule } from "~/services/schedule.server";
import { closeSockets, refuseUpgrade, upgrade } from "~/services/sockets.server";
import { requestBegan } from "~/services/traffic.server";
import { Worker } from "~/services/worker.server";

/** The features as hot reload has left them. */
const latest = singleton("features", () => ({ servers: featureServers }));
latest.servers = featureServers;

async function start() {
  const settings = config();
  await migrate({ onStep: ({ direction, name }) => log().info(`migrate ${direction} ${name}`) });
  const stopWork = settings.RUN_JOBS ? await startWork() : async () => {};
  const upgraded = (asked: Parameters<typeof upgrade>[1]) =>
    upgrade(
      latest.servers.flatMap(({ sockets = [] }) => sockets),
      asked,
    );
  return {
    settings,
    log: log(),
    ping,
    notices,
    requestBegan,
    endStreams,
    upgraded,
    refuseUpgrade,
    closeSockets,
    stopWork,
    stop,
  };
}

async function stop() {
  closeChannels();
  closeRedis();
  await disconnect();
}

/** Runs the features' jobs in this process. @returns what ends it: no new ones, and 8 s for those that run. */
export async function startWork(poll?: number) {
  const worker = new Worker(() => latest.servers.flatMap(({ jobs = [] }) => jobs), { poll });
  const stopSchedule = startSchedule(() => latest.servers.flatMap(({ recurring = [] }) => recurring));
  await worker.start();
  return async () => {
    stopSchedule();
    await worker.stop();
  };
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
