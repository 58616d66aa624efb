import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { migrations } from "#models/migrations/index";
import { scratchFolder } from "../helpers/folder";
import { addPeople, form, post, type RunningServer, send, startServer, TEST_SECRET } from "../helpers/server";

/** Starts the server where it is expected to end by itself; returns its exit code and what it wrote. */
async function failToStart(env: Record<string, string>, cwd = ".") {
  const child = spawn(process.execPath, [resolve("build/server.js")], {
    cwd,
    env: { PATH: process.env.PATH, NODE_ENV: "production", LOG_LEVEL: "silent", ...env },
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  const [code] = await once(child, "exit");
  return { code, output };
}

describe("a start", () => {
  it("with a wrong setting ends with its name, what was found and what is allowed", async () => {
    const { code, output } = await failToStart({ PORT: "abc" });
    expect(code).toBe(1);
    expect(output).toBe('PORT is "abc"; allowed is a whole number from 0 to 65535.\n');
  });
  it("with a weak SESSION_SECRET ends without printing it", async () => {
    const { code, output } = await failToStart({ SESSION_SECRET: "hunter2" });
    expect(code).toBe(1);
    expect(output).toContain("SESSION_SECRET is a value of 7 characters");
    expect(output).not.toContain("hunter2");
  });
  it("with a DATABASE_URL of another kind ends with its name and what is allowed", async () => {
    const { code, output } = await failToStart({ DATABASE_URL: "mysql://u:secret@h/d" });
    expect([code, output]).toEqual([1, "DATABASE_URL must start with sqlite: or postgres://, not mysql:\n"]);
  });
  it("on a database that cannot be opened ends and says so", async () => {
    const { code, output } = await failToStart({ DATABASE_URL: `sqlite:${tmpdir()}` });
    expect([code, output]).toEqual([1, "SQLITE_CANTOPEN: unable to open database file\n"]);
  });
  it("on a port that is taken says so and what to do", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { code, output } = await failToStart({
      PORT: String(port),
      DATABASE_URL: `sqlite:${join(scratchFolder(), "x.sqlite")}`,
      SESSION_SECRET: TEST_SECRET,
    });
    expect([code, output]).toEqual([
      1,
      `Port ${port} is taken on 127.0.0.1. Set PORT to another, or to 0 for any free one.\n`,
    ]);
    other.close();
  });
  it("reads .env where it starts; what the environment says wins", async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, ".env"), "PORT=nonsense\nLOG_LEVEL=loud\n");
    const { code, output } = await failToStart({ LOG_LEVEL: "silent" }, folder);
    expect([code, output]).toEqual([1, 'PORT is "nonsense"; allowed is a whole number from 0 to 65535.\n']);
  });
  it("listens on HOST and nowhere else, and writes no line below LOG_LEVEL", async () => {
    const server = await startServer({ HOST: "127.0.0.2", LOG_LEVEL: "error" });
    expect((await fetch(`http://127.0.0.2:${server.port}/`)).status).toBe(200);
    await expect(send(server.port, { path: "/" })).rejects.toThrow("ECONNREFUSED");
    expect(server.output()).not.toContain('"msg"');
    await server.stop();
  });
  it("without SESSION_SECRET makes one that outlives a restart, readable by its owner only", async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, "build"));
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
    const start = () =>
      spawn(process.execPath, [resolve("build/server.js")], {
        cwd: folder,
        env: { PATH: process.env.PATH, NODE_ENV: "production", PORT: "0" },
      });
    const file = join(folder, "data/session-secret");
    const secrets = [];
    for (let round = 0; round < 2; round++) {
      const child = start();
      await once(child.stdout, "data");
      child.kill("SIGKILL");
      await once(child, "exit");
      secrets.push(readFileSync(file, "utf8"));
    }
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(secrets[1]).toBe(secrets[0]);
  });
});

describe("SIGTERM", () => {
  /** Waits until nothing new is taken: the signal has come. */
  const isClosing = ({ port }: RunningServer) =>
    expect
      .poll(() => send(port, { path: "/healthz" }).catch(({ code }: NodeJS.ErrnoException) => code))
      .toBe("ECONNREFUSED");
  it("finishes what is under way, closes, and exits with 0", async () => {
    const server = await startServer();
    const cookie = await addPeople(server, "boss");
    // A form whose body is still on its way when the signal comes.
    const { headers, body } = form({ display_name: "Under way", email: "" });
    const slow = request({
      port: server.port,
      host: "127.0.0.1",
      method: "POST",
      path: "/accounts",
      headers: { ...headers, ...cookie, "Content-Length": String(body.length) },
    });
    slow.write(body.slice(0, 5));
    const answered = once(slow, "response");
    await send(server.port, { path: "/healthz" });
    server.process.kill("SIGTERM");
    await isClosing(server);
    slow.end(body.slice(5));
    const [response] = await answered;
    expect(response.statusCode).toBe(303);
    response.resume();
    expect(await server.exited).toBe(0);

    const again = await startServer({ DATABASE_URL: server.databaseUrl });
    expect((await send(again.port, { path: "/accounts", headers: cookie })).body).toContain("Under way");
    await again.stop();
    await server.stop();
  });
  it("does not wait for connections that ask for nothing", async () => {
    const server = await startServer();
    const kept = request({
      port: server.port,
      host: "127.0.0.1",
      path: "/healthz",
      headers: { Connection: "keep-alive" },
    });
    kept.end();
    const [response] = await once(kept, "response");
    response.resume();
    server.process.kill("SIGTERM");
    expect(await server.exited).toBe(0);
    await server.stop();
  });
  /** Sends the beginning of a form, and never the rest. */
  async function hang({ port }: RunningServer) {
    const hanging = request({
      port,
      host: "127.0.0.1",
      method: "POST",
      path: "/accounts/login",
      headers: { "Content-Length": "100" },
    });
    const broken = once(hanging, "error");
    await new Promise((sent) => hanging.write("username=", sent));
    // What has come later is answered: so that has arrived.
    await send(port, { path: "/healthz" });
    return { broken };
  }
  it("breaks off what does not come to an end, and exits with 0", async () => {
    const server = await startServer();
    const { broken } = await hang(server);
    server.process.kill("SIGTERM");
    expect(await server.exited).toBe(0);
    expect(String(await broken)).toContain("socket hang up");
    await server.stop();
  });
  it("a second time ends at once", async () => {
    const server = await startServer();
    await hang(server);
    server.process.kill("SIGTERM");
    await isClosing(server);
    expect(server.process.exitCode).toBeNull();
    server.process.kill("SIGTERM");
    expect(await server.exited).toBe(1);
    await server.stop();
  });
});

describe("processes", () => {
  it("two that start on one new database both come up, migrate once, and see each other's data", async () => {
    const DATABASE_URL = `sqlite:${join(scratchFolder(), "shared.sqlite")}`;
    const [first, second] = await Promise.all([startServer({ DATABASE_URL }), startServer({ DATABASE_URL })]);
    const steps = [...(first.output() + second.output()).matchAll(/migrate up ([\w-]+)/g)];
    expect(steps.map(([, name]) => name).sort()).toEqual(migrations.map(({ name }) => name));
    const cookie = await addPeople(first, "shared");
    expect((await send(second.port, { path: "/accounts", headers: cookie })).body).toContain("shared");
    await Promise.all([first.stop(), second.stop()]);
  });
  it("that is killed has kept every write that it acknowledged", async () => {
    const server = await startServer();
    const cookie = await addPeople(server, "boss");
    for (let n = 1; n <= 20; n++) {
      const added = await post(server, "/admin/accounts/group/add", { name: `Kept ${n}` }, cookie);
      expect(added.status).toBe(303);
    }
    server.process.kill("SIGKILL");
    await server.exited;
    const again = await startServer({ DATABASE_URL: server.databaseUrl });
    const { body } = await send(again.port, { path: "/admin/accounts/group", headers: cookie });
    for (let n = 1; n <= 20; n++) expect(body).toContain(`>Kept ${n}<`);
    await again.stop();
    await server.stop();
  });
});
