import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { weigh } from "../bench/measure";
import { form, post, type RunningServer, send, startServer } from "../helpers/server";

it("what was deleted before the process was killed can still be undone", async () => {
  const server = await startServer();
  for (const title of ["Kept", "Deleted"]) await post(server, "/todos", { title });
  expect((await post(server, "/todos/2/delete")).status).toBe(303);
  server.process.kill("SIGKILL");
  await server.exited;
  const again = await startServer({ DATABASE_URL: server.databaseUrl });
  expect((await post(again, "/todos/2/restore")).status).toBe(303);
  const { body } = await send(again.port, { path: "/todos" });
  for (const title of ["Kept", "Deleted"]) expect(body).toContain(`>${title}<`);
  await again.stop();
  await server.stop();
});

it("a page of 50 to-dos is less than 30 kB, and what it runs less than 110 kB compressed", async () => {
  const server = await startServer();
  const titles = Array.from({ length: 150 }, (_, n) => `${n}. Review the signed contract for Zürich`);
  await post(server, "/todos", { title: titles.join("\n") });
  const { bytes, scripts } = await weigh(server, { name: "todos", path: "/todos", data: "small" });
  expect(bytes).toBeLessThan(30_000);
  expect(scripts).toBeLessThan(110_000);
  await server.stop();
});

describe("what is wrong with a request", () => {
  let server: RunningServer;
  /** Of the one to-do that there is. */
  const path = "/todos/1/toggle";
  beforeAll(async () => {
    server = await startServer();
    await post(server, "/todos", { title: "The only one" });
  });
  afterAll(() => server.stop());

  /** Whether the one to-do is all there is, and as it was. */
  async function isUntouched() {
    const { body } = await send(server.port, { path: "/todos" });
    return body.includes("1 item left, 0 completed") && body.includes("The only one");
  }

  it.each([
    ["PUT", "/todos", "GET, HEAD, POST"],
    ["DELETE", "/todos", "GET, HEAD, POST"],
    ["GET", path, "POST"],
    ["GET", "/todos/1/delete", "POST"],
    ["GET", "/todos/clear-completed", "POST"],
  ])("%s %s is a 405 with Allow: %s", async (method, path, allow) => {
    const { status, headers } = await send(server.port, { method, path });
    expect([status, headers.allow]).toEqual([405, allow]);
    expect(await isUntouched()).toBe(true);
  });
  it.each(["abc", "0", "99999999999999999999", "4711"])("the id %s is a 404", async (id) => {
    for (const verb of ["toggle", "delete", "edit", "restore", "erase"])
      expect((await post(server, `/todos/${id}/${verb}`, { title: "x" })).status).toBe(404);
    expect(await isUntouched()).toBe(true);
  });

  const type = { "Content-Type": "application/x-www-form-urlencoded" };
  const multipart = { "Content-Type": "multipart/form-data; boundary=x" };
  const crossSite = { ...type, "Sec-Fetch-Site": "cross-site" };
  it.each([
    ["a blank title", 422, form({ title: " \t" })],
    ["a title of 201 characters", 422, form({ title: "x".repeat(201) })],
    ["a NUL in the title", 422, form({ title: "a\u0000b" })],
    ["2 MB", 413, form({ title: "x".repeat(2_000_000) })],
    ["broken percent-encoding", 400, { headers: type, body: "title=%E0%A4%A" }],
    ["a malformed multipart body", 400, { headers: multipart, body: "--x\r\nnonsense" }],
    ["a page of another site behind it", 403, { headers: crossSite, body: "title=forged" }],
  ])("a form with %s is a %i, and nothing is stored", async (_, expected, { headers, body }) => {
    const { status } = await send(server.port, { method: "POST", path: "/todos", headers, body });
    expect(status).toBe(expected);
    expect(await isUntouched()).toBe(true);
  });
  it("a press of a button by another site is a 403, and does nothing", async () => {
    for (const verb of ["toggle", "delete"])
      expect((await post(server, `/todos/1/${verb}`, {}, crossSite)).status).toBe(403);
    expect(await isUntouched()).toBe(true);
  });
});
