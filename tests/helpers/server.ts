/** Real processes: the production server on a free port with a database of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Signs the cookies of test servers; what signs them elsewhere is told of it. */
export const TEST_SECRET = "0123456789abcdefghijklmnopqrstuvwxyz";

/** What everybody signs in with whom tests add. */
export const PASSWORD = "correct horse 9";

/** Milliseconds that a test of many processes may take on a busy machine. */
export const LONG = 120_000;

export interface RunningServer {
  url: string;
  port: number;
  process: ChildProcess;
  folder: string;
  databaseUrl: string;
  /** The folder of what people upload to it. */
  uploads: string;
  /** What it has written so far. */
  output(): string;
  /** Resolves with the match once it has written that; rejects where it ends before. */
  said(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Resolves with the exit code once the process has ended. */
  exited: Promise<number | null>;
  stop(): Promise<void>;
}

/** Those that still run when a test has failed before it stopped them end with it. */
const alive = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of alive) child.kill("SIGKILL");
});

/** Starts `build/server.js`; resolves when it listens. */
export function startServer(env: Record<string, string> = {}) {
  return listening(["build/server.js"], process.cwd(), { ...env, NODE_ENV: "production" });
}

/** Runs a program, by default Node, that serves Tenfold in `cwd`; resolves when it listens. */
export async function listening(
  args: string[],
  cwd: string,
  env: Record<string, string>,
  program = process.execPath,
): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), "tenfold-server-"));
  const uploads = env.UPLOADS ?? join(folder, "uploads");
  const databaseUrl = env.DATABASE_URL ?? `sqlite:${join(folder, "test.sqlite")}`;
  const child = spawn(program, args, {
    cwd,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "development",
      PORT: "0",
      LOG_LEVEL: "info",
      SESSION_SECRET: TEST_SECRET,
      DATABASE_URL: databaseUrl,
      UPLOADS: uploads,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  alive.add(child);
  child.on("exit", () => alive.delete(child));
  let output = "";
  const waiting = new Set<() => void>();
  const read = (chunk: Buffer) => {
    output += chunk;
    for (const look of waiting) look();
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const said = (pattern: RegExp) =>
    new Promise<RegExpMatchArray>((resolve, reject) => {
      const look = () => {
        const match = output.match(pattern);
        if (!match) return;
        waiting.delete(look);
        resolve(match);
      };
      waiting.add(look);
      look();
      exited.then((code) => reject(new Error(`The server ended with ${code}:\n${output}`)));
    });
  const port = Number((await said(/listens on http:\/\/[^:]+:(\d+)/))[1]);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    process: child,
    folder,
    databaseUrl,
    uploads,
    output: () => output,
    said,
    exited,
    async stop() {
      child.kill("SIGKILL");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** One request with full control of method, path and headers, on a connection of its own. */
export function send(
  port: number,
  {
    method = "GET",
    path = "/",
    headers = {},
    body,
    localAddress,
  }: {
    method?: string;
    path?: string;
    headers?: Record<string, string>;
    body?: string | Buffer;
    localAddress?: string;
  },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { port, host: "127.0.0.1", method, path, headers, localAddress, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** Writes bytes as they are and returns what comes back until the connection closes. */
export function sendBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

/** A form's body. */
export const form = (fields: Record<string, string>) => ({
  headers: { "Content-Type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams(fields).toString(),
});

/** Posts a form. */
export function post(
  { port }: Pick<RunningServer, "port">,
  path: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
) {
  const { headers: type, body } = form(fields);
  return send(port, { method: "POST", path, headers: { ...type, ...headers }, body });
}

/** The header of an answer that sets or clears the session; empty where there is none. */
export const sessionCookie = ({ headers }: RawAnswer) =>
  [headers["set-cookie"] ?? []].flat().find((cookie) => /^(__Host-)?session=/.test(cookie)) ?? "";

/** The path of the link by which the first superuser is made. It is printed a moment after the server listens. */
export const setupPath = async (server: RunningServer) => (await server.said(/\/accounts\/setup\/[\w-]+/))[0];

/**
 * Adds people to a server that nobody has an account on: the first as its superuser.
 *
 * @returns the superuser's cookie, as headers.
 */
export async function addPeople(server: RunningServer, superuser: string, ...others: string[]) {
  const password = { password1: PASSWORD, password2: PASSWORD };
  const add = async (path: string, username: string, headers = {}) => {
    const answer = await post(server, path, { username, email: "", ...password }, headers);
    if (answer.status !== 303) throw new Error(`${username} could not be added: ${answer.status}`);
    return answer;
  };
  const signedIn = sessionCookie(await add(await setupPath(server), superuser));
  const cookie = { Cookie: signedIn.split(";")[0]! };
  for (const username of others) await add("/admin/accounts/user/add", username, cookie);
  return cookie;
}
