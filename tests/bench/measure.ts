/** Measures a running server: one page under load, its processor time, its memory, its client JavaScript. */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { gzipSync } from "node:zlib";
import autocannon from "autocannon";
import type { RunningServer } from "../helpers/server";
import type { BenchPage } from "./pages";

export const CONNECTIONS = 32;
/** Linux counts processor time in 1/100 s for every program, whatever the kernel's own clock. */
const MS_PER_TICK = 10;

export interface Figures {
  perSecond: number;
  p50: number;
  p99: number;
  /** Milliseconds of user and system time that the server's process took for one request. */
  cpu: number;
  /** Part of a core that other programs took meanwhile: the more, the less the figures are worth. */
  others: number;
}

/**
 * Requests a page for `seconds` on that many connections.
 *
 * @throws Error when an answer has another status than the page should have, or does not come.
 */
export async function load(
  server: RunningServer,
  page: BenchPage,
  seconds: number,
  connections = CONNECTIONS,
): Promise<Figures> {
  const before = cpuMs(server);
  const startOfOthers = othersMs(server);
  const result = await autocannon({
    url: server.url + page.path,
    method: page.method ?? "GET",
    headers: page.headers,
    body: page.body,
    connections,
    duration: seconds,
  });
  const cpu = cpuMs(server) - before;
  const others = Math.max(0, othersMs(server) - startOfOthers) / (result.duration * 1000);
  const { requests, latency, duration, errors, timeouts, statusCodeStats = {} } = result;
  const found = Object.entries(statusCodeStats).map(([status, { count }]) => `${count} × ${status}`);
  const expected = String(page.status ?? 200);
  if (errors || timeouts || Object.keys(statusCodeStats).join() !== expected) {
    const answers = [...found, `${errors} errors`, `${timeouts} time-outs`].join(", ");
    throw new Error(`${page.name} ${page.path} must answer ${expected} every time. It answered: ${answers}`);
  }
  return {
    perSecond: requests.total / duration,
    p50: latency.p50,
    p99: latency.p99,
    cpu: cpu / requests.total,
    others,
  };
}

const RUNS = 3;
const SECONDS = 2;

/** Pages as one person meets them, one after the other: a line each with median, p99 and CPU in milliseconds. */
export async function onePerson(server: RunningServer, pages: Omit<BenchPage, "data">[]): Promise<string[]> {
  const lines: string[] = [];
  for (const { name, ...rest } of pages) {
    const page: BenchPage = { name, ...rest, data: "small" };
    await load(server, page, 1, 1);
    const all: Figures[] = [];
    while (all.length < RUNS) all.push(await load(server, page, SECONDS, 1));
    const middle = (figure: "p50" | "p99" | "cpu") =>
      median(all.map((figures) => figures[figure])).toFixed(0);
    lines.push(
      `${name.padEnd(20)}${middle("p50").padStart(8)}${middle("p99").padStart(8)}${middle("cpu").padStart(8)}`,
    );
  }
  return lines;
}

/** Reads the file as it comes, and looks meanwhile at what the server holds. */
export async function measureCsv(
  server: RunningServer,
  path: string,
  headers: Record<string, string> = {},
): Promise<string> {
  const before = residentMiB(server);
  const start = performance.now();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, residentMiB(server));
  }, 20);
  const response = await fetch(server.url + path, { headers });
  let bytes = 0;
  let lines = 0;
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += part.byteLength;
    for (const byte of part) if (byte === 10) lines += 1;
  }
  clearInterval(watch);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  return (
    `CSV of ${(lines - 1).toLocaleString("en")} rows: ${seconds} s, ${(bytes / 1e6).toFixed(0)} MB; ` +
    `memory ${before.toFixed(0)} MiB before, ${peak.toFixed(0)} MiB at most`
  );
}

/** Bytes of a page's body before compression, and of the scripts that it loads at first, gzipped. */
export async function weigh(server: RunningServer, { path, method, headers, body }: BenchPage) {
  const response = await fetch(server.url + path, { method, headers, body, redirect: "manual" });
  const html = await response.text();
  const tags = html.matchAll(/(?:<link rel="modulepreload" href|<script[^>]* src)="([^"]+)"/g);
  const files = new Set([...tags].map(([, file]) => file));
  const sizes = [...files].map(async (file) => {
    const script = await fetch(server.url + file);
    if (!script.ok) throw new Error(`${path} loads ${file}, which answers ${script.status}.`);
    return gzipSync(await script.arrayBuffer()).byteLength;
  });
  const scripts = (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
  return { bytes: Buffer.byteLength(html), scripts };
}

/** User and system time of the server's process so far; NaN where there is no /proc. */
function cpuMs({ process: { pid } }: RunningServer) {
  // The name, second of the fields, stands in parentheses and may itself hold spaces.
  const fields = procFile(pid, "stat").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** Processor time of all programs but the server and this one, which makes the load. */
function othersMs(server: RunningServer) {
  const all = cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
  const own = process.cpuUsage();
  return all - (own.user + own.system) / 1000 - cpuMs(server);
}

/** MiB of memory that the server's process holds, or has held at the most; NaN where there is no /proc. */
export function residentMiB({ process: { pid } }: RunningServer, which: "VmRSS" | "VmHWM" = "VmRSS") {
  return Number(procFile(pid, "status").match(`${which}:\\s+(\\d+)`)?.[1]) / 1024;
}

function procFile(pid: number | undefined, name: string) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}

/** The middle one of an odd number of values, the higher of the two middle ones of an even number. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
