import { type ClientRequest, get, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, post, type RunningServer, send, startServer } from "../helpers/server";
import { startWorker } from "../helpers/worker";

let server: RunningServer;
// Nothing runs jobs, so that they wait for as long as a test looks at them.
beforeAll(async () => {
  server = await startServer({ RUN_JOBS: "false" });
});
afterAll(() => server.stop());

let count = 0;
/** The id of a new task. */
async function task(at = server, title = `Task ${++count}`) {
  const { headers } = await post(at, "/tasks", { title });
  return Number(String(headers.location).match(/#task-(\d+)/)?.[1]);
}
/** The id of one that has just been completed. */
async function completed(at = server) {
  const id = await task(at);
  expect((await post(at, `/tasks/${id}/complete`)).status).toBe(303);
  return id;
}

interface Stream {
  request: ClientRequest;
  response: IncomingMessage;
  /** What has arrived so far. */
  text(): string;
  ended: Promise<void>;
}

/** Follows the events of a task. */
function follow(id: number, { port } = server): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const headers = { "Accept-Encoding": "gzip" };
    const request = get(
      { port, host: "127.0.0.1", path: `/tasks/${id}/events`, headers, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("error", () => {});
        const ended = new Promise<void>((done) => response.on("close", done));
        resolve({ request, response, text: () => text, ended });
      },
    );
    request.on("error", reject);
  });
}
const states = (text: string) => [...text.matchAll(/"state":"(\w+)"/g)].map(([, state]) => state);

describe("the events of a task", () => {
  it("are sent as they happen, compressed by nobody, kept by nobody, and end with the last", async () => {
    const id = await completed();
    const stream = await follow(id);
    expect(stream.response.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
    });
    expect(stream.response.headers["content-encoding"]).toBeUndefined();
    await expect.poll(stream.text).toContain('data: {"state":"queued","attempts":0}\n\n');
    const worker = await startWorker(server);
    await stream.ended;
    await worker.stop();
    expect(states(stream.text()).at(0)).toBe("queued");
    expect(states(stream.text()).at(-1)).toBe("done");
    expect((await send(server.port, { path: `/tasks/${id}` })).body).toContain(
      `“Task ${count}” was completed.`,
    );
  });
  it("of a task that is open are none, and the browser is told not to ask again", async () => {
    expect((await send(server.port, { path: `/tasks/${await task()}/events` })).status).toBe(204);
  });
  it("answer HEAD without a stream, and other methods with 405 and Allow", async () => {
    const path = `/tasks/${await completed()}/events`;
    expect(await send(server.port, { method: "HEAD", path })).toMatchObject({ status: 200, body: "" });
    const { status, headers } = await post(server, path);
    expect([status, headers.allow]).toEqual([405, "GET, HEAD"]);
  });
  it.each(["abc", "0", "4711", "99999999999999999999"])(
    "of the id %s are a 404 and no fault of ours",
    async (id) => {
      expect((await send(server.port, { path: `/tasks/${id}/events` })).status).toBe(404);
      expect(server.output()).not.toContain("unexpected error");
    },
  );
  it("end on the server when the client leaves", async () => {
    const id = await completed();
    const stream = await follow(id);
    await expect.poll(stream.text).toContain("queued");
    stream.request.destroy();
    await server.said(new RegExp(`"path":"/tasks/${id}/events","status":200,"ms":[\\d.]+,"aborted":true`));
    expect(server.output()).not.toContain("unexpected error");
  });
  it("do not hold up a stop: SIGTERM ends them, and the process with 0", async () => {
    const other = await startServer({ RUN_JOBS: "false" });
    const stream = await follow(await completed(other), other);
    await expect.poll(stream.text).toContain("queued");
    other.process.kill("SIGTERM");
    await stream.ended;
    expect(stream.response.complete).toBe(true);
    expect(await other.exited).toBe(0);
    await other.stop();
  });
});

describe("a form of tasks", () => {
  it("from another site is refused and stores nothing", async () => {
    const { status } = await post(server, "/tasks", { title: "Foreign" }, { "Sec-Fetch-Site": "cross-site" });
    expect(status).toBe(403);
    expect((await send(server.port, { path: "/tasks" })).body).not.toContain("Foreign");
  });
  it("that is too large is refused with 413, and the next request is answered as ever", async () => {
    expect((await post(server, "/tasks", { title: "x".repeat(2_000_000) })).status).toBe(413);
    expect((await send(server.port, { path: "/tasks" })).status).toBe(200);
  });
  it.each(["complete", "reopen", "delete", "restore"])("%s takes POST only", async (verb) => {
    const { status, headers } = await send(server.port, { path: `/tasks/1/${verb}` });
    expect([status, headers.allow]).toEqual([405, "POST"]);
  });
});

it("pages are the same bytes for everyone who is anonymous, and without a bell", async () => {
  const page = async (headers = {}) =>
    (await send(server.port, { path: "/tasks", headers })).body.replaceAll(/nonce="[^"]*"/g, "");
  expect(await page()).toBe(await page({ Cookie: "a=b" }));
  expect(await page()).not.toContain("/notifications");
  const cookie = await addPeople(server, "boss");
  expect(await page(cookie)).toContain('href="/notifications"');
});
