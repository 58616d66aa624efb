import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import autocannon from "autocannon";
import { seed } from "~/features/webhooks/feature.server";
import { addPeople, type RunningServer, startServer } from "../../helpers/server";
import { CONNECTIONS, residentMiB } from "../measure";
import type { BenchPage, BenchPart, DataSet } from "../pages";

const SECRET = "change-me";

export const pages: BenchPage[] = [
  { name: "webhooks", path: "/webhooks", data: "small", signedIn: true },
  { name: "webhook", path: "/webhooks/events/1", data: "small", signedIn: true },
  { name: "webhooks-10k", path: "/webhooks?provider=github", data: "large", signedIn: true },
];

/** 60 events, and 10,000. */
export async function fill(data: DataSet) {
  await seed.run(data === "small" ? 60 : 10_000);
}

/** A server with a database of its own: the one that a part is given would do this one's jobs. */
const receiver = (env: Record<string, string>) =>
  startServer({ WEBHOOK_SECRET: SECRET, LOG_LEVEL: "silent", ...env });

let last = 0;

/** Signs another event for each request. */
function another(request: autocannon.Request): autocannon.Request {
  last += 1;
  const body = JSON.stringify({
    event: "payment.success",
    order: last,
    amount: 1999,
    customer: "Ada Lovelace",
  });
  const headers = {
    "Content-Type": "application/json",
    "X-Signature": createHmac("sha256", SECRET).update(body).digest("hex"),
    "X-Timestamp": String(Math.floor(Date.now() / 1000)),
    "X-Event-Id": `bench-${process.pid}-${last}`,
  };
  return { ...request, body, headers };
}

/** Sends signed, distinct events for some seconds, or that many of them. */
async function deliver({ url }: RunningServer, until: { duration: number } | { amount: number }) {
  const result = await autocannon({
    url: `${url}/webhooks/shop/`,
    method: "POST",
    connections: CONNECTIONS,
    requests: [{ setupRequest: another }],
    ...until,
  });
  const { errors, timeouts, non2xx, statusCodeStats } = result;
  if (errors || timeouts || non2xx)
    throw new Error(`Every event must be taken. The answers were ${JSON.stringify(statusCodeStats)}.`);
  return result;
}

const line = (name: string, { requests, duration, latency }: autocannon.Result) =>
  `${name.padEnd(30)}${(requests.total / duration).toFixed(0)} events/s, p50 ${latency.p50} ms, p99 ${latency.p99} ms`;

export const parts: BenchPart[] = [
  {
    name: "webhooks-received",
    async run() {
      const rows: string[] = [];
      for (const RUN_JOBS of ["false", "true"]) {
        const server = await receiver({ RUN_JOBS });
        await deliver(server, { duration: 3 });
        const result = await deliver(server, { duration: 10 });
        rows.push(line(RUN_JOBS === "true" ? "and processed meanwhile" : "received and stored", result));
        await server.stop();
      }
      return `Signed, distinct webhooks from ${CONNECTIONS} connections, one process:\n\n${rows.join("\n")}`;
    },
  },
  {
    name: "webhooks-memory",
    async run() {
      const server = await receiver({ RUN_JOBS: "false" });
      const figures: string[] = [];
      for (let events = 10_000; events <= 100_000; events += 30_000) {
        await deliver(server, { amount: events === 10_000 ? 10_000 : 30_000 });
        figures.push(`${events.toLocaleString("en")}: ${residentMiB(server).toFixed(0)}`);
      }
      await server.stop();
      return `Memory in MiB after so many webhooks: ${figures.join(", ")}`;
    },
  },
  {
    name: "webhooks-million",
    async run() {
      const server = await startServer({ LOG_LEVEL: "silent", RUN_JOBS: "false" });
      const headers = await addPeople(server, "boss");
      const env: NodeJS.ProcessEnv = {
        ...process.env,
        NODE_ENV: "production",
        DATABASE_URL: server.databaseUrl,
      };
      execFileSync(process.execPath, ["build/manage.js", "seed", "--webhooks", "1000000"], { env });
      const rows: string[] = [];
      for (const path of [
        "/webhooks",
        "/webhooks?validity=refused",
        "/webhooks?provider=github&validity=accepted",
        "/webhooks?after=500000",
        "/webhooks?q=nowhere-at-all",
      ]) {
        const times: number[] = [];
        for (let n = 0; n < 9; n += 1) {
          const start = performance.now();
          const answer = await fetch(server.url + path, { headers });
          await answer.arrayBuffer();
          if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}.`);
          times.push(performance.now() - start);
        }
        rows.push(`${path.padEnd(50)}${times.sort((a, b) => a - b)[4]!.toFixed(0)} ms`);
      }
      await server.stop();
      return `The inbox with 1,000,000 events, median of 9:\n\n${rows.join("\n")}`;
    },
  },
];
