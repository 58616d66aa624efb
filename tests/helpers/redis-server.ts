/** A Redis of a test's own, where a `redis-server` is found: `npm test` says so loudly where there is none. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe } from "vitest";
import { config } from "~/services/config.server";
import { closeRedis } from "~/services/redis.server";
import { freePort } from "./free-port";

/** Tests that need a Redis. */
export const describeWithRedis = describe.skipIf(!process.env.REDIS_SERVER);

export interface RedisServer {
  url: string;
  /** It takes connections and answers nothing, as if its machine were gone. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
  /** Comes back where it was, empty. */
  start(): Promise<void>;
}

/** Starts one that keeps nothing on disk; resolves when it answers. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async () => {
    const args = [
      "--port",
      port,
      "--bind",
      "127.0.0.1",
      "--dir",
      tmpdir(),
      "--save",
      "",
      "--appendonly",
      "no",
    ];
    const started = spawn(process.env.REDIS_SERVER!, args.map(String), {
      stdio: ["ignore", "pipe", "inherit"],
    });
    child = started;
    let output = "";
    for await (const chunk of started.stdout.iterator({ destroyOnReturn: false })) {
      output += chunk;
      if (output.includes("Ready to accept connections")) return void started.stdout.resume();
    }
    throw new Error(`Redis did not start:\n${output}`);
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
    start,
    async stop() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

/** Gives the tests of a suite a Redis of their own, which REDIS_URL leads to. @returns it, to be asked for by a test. */
export function withRedis(): () => RedisServer {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
    config().REDIS_URL = server.url;
  });
  afterAll(async () => {
    closeRedis();
    config().REDIS_URL = undefined;
    await server.stop();
  });
  return () => server;
}
