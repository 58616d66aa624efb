import { connect } from "node:net";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { form, type RunningServer, send, setupPath, startServer } from "../helpers/server";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ TENFOLD_BUILD: pathToFileURL(resolve("tests/helpers/faulty-build.js")).href });
});
afterAll(() => server.stop());

describe("a fault", () => {
  it.each([
    ["in a loader", { path: "/" }],
    ["in an action", { method: "POST", path: "/accounts/login", ...form({ username: "x" }) }],
    ["while rendering", { path: "/accounts/login" }],
  ])("%s is a 500 page that says what to do next and nothing of the inside", async (_, request) => {
    const { status, body } = await send(server.port, request);
    expect(status).toBe(500);
    expect(body).toContain("Something went wrong here");
    expect(body).toContain("Try again");
    expect(body).not.toContain("secret");
    expect(body).not.toContain("node_modules");
  });
  it.each([
    ["a loader", { path: "/_root.data" }],
    ["an action", { method: "POST", path: "/accounts/login.data", ...form({ username: "x" }) }],
  ])("of %s asked by script tells as little", async (_, request) => {
    const { status, body } = await send(server.port, request);
    expect(status).toBe(500);
    expect(body).not.toContain("secret");
  });
  it("is in the log under the request's id, with its stack", async () => {
    const { headers } = await send(server.port, { path: "/" });
    const lines = () =>
      server
        .output()
        .split("\n")
        .filter((line) => line.includes(String(headers["x-request-id"])));
    await expect.poll(lines).toHaveLength(2);
    const [fault, request] = lines().map((line) => JSON.parse(line));
    expect(fault.err).toMatchObject({
      message: "a secret of the inside",
      stack: expect.stringContaining("faulty-build"),
    });
    expect(request).toMatchObject({ level: 50, status: 500, path: "/" });
  });
  it("leaves the process and its other pages alone", async () => {
    expect((await send(server.port, { path: await setupPath(server) })).status).toBe(200);
  });
});

it("a database that does not answer makes the process not ready, and leaves it healthy", async () => {
  expect(await send(server.port, { path: "/readyz" })).toMatchObject({ status: 503, body: "not ready\n" });
  expect(await send(server.port, { path: "/healthz" })).toMatchObject({ status: 200, body: "ok\n" });
});

it("a socket that nobody answers keeps the process from stopping no longer than anything else", async () => {
  const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {});
  socket.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  await send(server.port, { path: "/healthz" });
  server.process.kill("SIGTERM");
  expect(await server.exited).toBe(0);
});
