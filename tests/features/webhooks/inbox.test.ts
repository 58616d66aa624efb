import { beforeEach, describe, expect, it } from "vitest";
import { Activity } from "#models/activity.server";
import { Job } from "#models/job.server";
import { Event } from "#models/webhook-event.server";
import { Secret } from "#models/webhook-secret.server";
import * as body from "~/features/webhooks/body";
import * as event from "~/features/webhooks/event";
import * as exportCsv from "~/features/webhooks/export";
import { figure, seed } from "~/features/webhooks/feature.server";
import * as inbox from "~/features/webhooks/inbox";
import * as overview from "~/features/webhooks/overview";
import * as processAll from "~/features/webhooks/process-all";
import * as processOne from "~/features/webhooks/process-one";
import sweepWebhooks from "~/features/webhooks/sweep-webhooks.server";
import { featureServers } from "~/features.server";
import type { Run } from "~/services/jobs.server";
import type { ReceivedEvent } from "~/services/webhooks.server";
import { Worker } from "~/services/worker.server";
import { call, get, post } from "../../helpers/call";
import { flashOf } from "../../helpers/flash";
import { signedIn } from "../../helpers/people";
import { set } from "../../helpers/settings";
import { adminOf } from "../admin/admin";
import { hmac, SECRET, seconds, send, withSecret } from "./sender";

let cookie: string;
beforeEach(async () => {
  withSecret();
  ({ cookie } = await signedIn({ isStaff: true, isSuperuser: true }));
});

const headers = () => ({ Cookie: cookie });
const list = async (query = "") => (await call(inbox.loader, get(`/webhooks${query}`, headers()))).data;
const ids = async (query = "") => (await list(query)).rows.map(({ eventId }: { eventId: string }) => eventId);
const page = async (id: number, query = "") =>
  call(event.loader, get(`/webhooks/events/${id}${query}`, headers()), { id: String(id) });
const last = () => Event.findOne({ order: [["id", "DESC"]], rejectOnEmpty: true });

/** A handler of the tests, beside the log, until the test ends. */
function subscribe(
  handle: (event: ReceivedEvent, run: Run) => Promise<void>,
  to = { provider: "*", event: "*" },
) {
  const feature = {
    name: "test",
    webhooks: [{ name: "test", ...to, handler: async () => ({ default: handle }) }],
  };
  featureServers.push(feature);
  return () => void featureServers.splice(featureServers.indexOf(feature), 1);
}

/** Runs jobs until none is left. */
async function work() {
  const worker = new Worker(() => featureServers.flatMap(({ jobs = [] }) => jobs), { poll: 20 });
  await worker.start();
  await expect
    .poll(async () => {
      const { queued, running } = await Job.counts();
      return queued + running;
    })
    .toBe(0);
  await worker.stop();
}

describe("the inbox", () => {
  it("lists what came, the newest first, with what became of it", async () => {
    await send(undefined, { "X-Event-Id": "first" });
    await send(undefined, { "X-Event-Id": "second", "X-Signature": hmac("x") });
    const { rows } = await list();
    expect(rows).toMatchObject([
      { eventId: "second", refusal: "signature", state: null },
      { eventId: "first", refusal: null, state: "waiting", provider: "github", event: "push" },
    ]);
    await work();
    expect((await list()).rows[1].state).toBe("processed");
  });
  it("is filtered by provider, result, processing and time, all in the URL", async () => {
    await send(undefined, { "X-Event-Id": "a" });
    await work();
    await send(undefined, { "X-Event-Id": "b" }, "shop");
    await send(undefined, { "X-Event-Id": "c", "X-Timestamp": "0" });
    await Event.update({ receivedAt: new Date("2026-01-31T12:00:00Z") }, { where: { eventId: "a" } });
    expect(await ids("?provider=shop")).toEqual(["b"]);
    expect(await ids("?provider=SHOP")).toEqual(["b"]);
    expect(await ids("?validity=refused")).toEqual(["c"]);
    expect(await ids("?validity=accepted")).toEqual(["b", "a"]);
    expect(await ids("?state=waiting")).toEqual(["b"]);
    expect(await ids("?state=processed")).toEqual(["a"]);
    expect(await ids("?state=failed")).toEqual([]);
    expect(await ids("?to=2026-02-01T00:00")).toEqual(["a"]);
    expect(await ids("?from=2026-01-31T12:00&to=2026-01-31T12:01")).toEqual(["a"]);
    expect(await ids("?from=2026-02-01T00:00&provider=github")).toEqual(["c"]);
  });
  it("passes over what no filter can be", async () => {
    await send(undefined, { "X-Event-Id": "a" });
    for (const query of [
      "?validity=x&state=y",
      "?from=yesterday&to=99999",
      "?after=x&before=-1",
      "?after=4711",
      "?after=99999999999999",
      "?q=%00",
      `?provider=${"x".repeat(1_000)}`,
      "?provider=%00",
    ])
      expect(await ids(query), query).toEqual(["a"]);
  });
  it("is searched in bodies of every kind, ids and names: every word, whatever its case", async () => {
    await send('{"event":"paid","customer":"Ada Lovelace"}', { "X-Event-Id": "json" });
    await send("plain ada text", { "X-Event-Id": "text" });
    await send('{"customer":"Ada"}', { "X-Event-Id": "refused", "X-Signature": hmac("x") });
    await send("100%_", { "X-Event-Id": "odd" });
    expect(await ids("?q=ada")).toEqual(["refused", "text", "json"]);
    expect(await ids("?q=LOVELACE+ada")).toEqual(["json"]);
    expect(await ids("?q=PAID")).toEqual(["json"]);
    expect(await ids("?q=odd")).toEqual(["odd"]);
    expect(await ids("?q=100%25_")).toEqual(["odd"]);
    expect(await ids("?q='")).toEqual([]);
  });
  it("goes on page by page from where one is, and back, in one order", async () => {
    await seed.run(120);
    const first = await list();
    const second = await list(`?after=${first.rows.at(-1).id}`);
    const third = await list(`?after=${second.rows.at(-1).id}`);
    expect([first, second, third].map(({ rows, more }) => [rows.length, more])).toEqual([
      [50, true],
      [50, true],
      [20, false],
    ]);
    const all = [first, second, third].flatMap(({ rows }) =>
      rows.map(({ eventId }: { eventId: string }) => eventId),
    );
    expect(all).toEqual(Array.from({ length: 120 }, (_, n) => `demo-${n}`));
    const back = await list(`?before=${third.rows[0].id}`);
    expect(back.rows).toEqual(second.rows);
  });
  it("has another version when something came, or came further, and else the same", async () => {
    await send();
    const { version } = await list();
    expect((await list()).version).toBe(version);
    await work();
    const processed = (await list()).version;
    expect(processed).not.toBe(version);
    await send();
    expect((await list()).version).not.toBe(processed);
  });
  it("counts the last 24 hours, of one provider or of all", async () => {
    await Promise.all([send(), send(undefined, {}, "shop"), send(undefined, { "X-Timestamp": "0" })]);
    expect((await list()).bars.at(-1)).toMatchObject({ accepted: 2, refused: 1 });
    expect((await list("?provider=shop")).bars.at(-1)).toMatchObject({ accepted: 1, refused: 0 });
    expect(await figure()).toBe("2 events in the last day");
  });
  it("is for staff who may see events", async () => {
    const { user, cookie } = await signedIn({ username: "staff", isStaff: true });
    const as = () => call(inbox.loader, get("/webhooks", { Cookie: cookie }));
    expect((await as()).status).toBe(403);
    await user.setPermissions(["view_event"]);
    expect((await as()).data).toMatchObject({ mayProcess: false });
    const { status } = await call(
      processAll.action,
      post("/webhooks/events/process", {}, { Cookie: cookie }),
    );
    expect(status).toBe(403);
    const tried = await call(overview.action, post("/webhooks?index", {}, { Cookie: cookie }));
    expect(tried.status).toBe(403);
  });
});

describe("an event's page", () => {
  it("shows the body pretty and raw, and changes nothing of it but white space", async () => {
    await send('{"n":12345678901234567890,"n":1.0,"s":"\\u00e9,{\\"","e":{},"l":[ ],"d":[1,[2]]}');
    const { data } = await page((await last()).id);
    expect(data.body.raw).toBe(
      '{"n":12345678901234567890,"n":1.0,"s":"\\u00e9,{\\"","e":{},"l":[ ],"d":[1,[2]]}',
    );
    expect(data.body.pretty).toBe(
      '{\n  "n": 12345678901234567890,\n  "n": 1.0,\n  "s": "\\u00e9,{\\"",\n  "e": {},\n  "l": [],\n  "d": [\n    1,\n    [\n      2\n    ]\n  ]\n}',
    );
  });
  it.each([
    ["nested 100,000 deep", "[".repeat(100_000) + "]".repeat(100_000)],
    [
      "nested 500 deep and a million bytes long",
      `${"[".repeat(499)}${"1,".repeat(450_000)}1${"]".repeat(499)}`,
    ],
    ["half of JSON", '{"a":'],
    ["no UTF-8", Buffer.from([0xff, 0xfe])],
    ["empty", ""],
    ["a string that never ends", `["${"\\".repeat(99_999)}`],
  ])("of a body that is %s opens, within bounds, accepted or refused", async (_, body) => {
    for (const signature of [hmac(body), hmac("other")]) {
      await send(body, { "X-Signature": signature });
      const { status, data } = await page((await last()).id);
      expect(status).toBe(200);
      expect(JSON.stringify(data).length).toBeLessThan(1_000_000);
    }
  });
  it("shows headers, and what each handler has made of it", async () => {
    await send(undefined, { "X-Custom": "yes" });
    await work();
    const { data } = await page((await last()).id);
    expect(data.headers).toContainEqual(["x-custom", "yes"]);
    expect(data.handling).toMatchObject([{ name: "log", state: "done", attempts: 1 }]);
  });
  it("never sends more of a secret than its last four characters", async () => {
    const value = "entered-secret-1234";
    await Secret.create({ provider: "shop", value });
    await send("{}", { "X-Signature": hmac("{}", value) }, "shop");
    await send("{}", { "X-Signature": hmac("{}", "x") }, "shop");
    for (const { id } of await Event.findAll()) {
      const { data } = await page(id);
      const text = JSON.stringify(data);
      expect(text).toContain("1234");
      expect(text).not.toContain("entered-secret");
      expect(text).not.toContain("change-me");
    }
  });
  it.each(["0", "abc", "4711", "99999999999"])("of the id %s is a 404", async (id) => {
    expect((await call(event.loader, get("/", headers()), { id })).status).toBe(404);
    expect((await call(body.loader, get("/", headers()), { id })).status).toBe(404);
    expect((await call(processOne.action, post("/", {}, headers()), { id })).status).toBe(404);
  });
  it("offers the body as a file, to the byte, that no browser takes for a page", async () => {
    await send("<script>alert(1)</script>");
    const { id } = await last();
    const answer = (await body.loader({
      request: get(`/webhooks/events/${id}/body`, headers()),
      params: { id: String(id) },
      context: {},
    })) as Response;
    expect(await answer.text()).toBe("<script>alert(1)</script>");
    expect(answer.headers.get("Content-Type")).toBe("application/octet-stream");
    expect(answer.headers.get("Content-Disposition")).toContain("attachment");
  });
});

describe("a refusal explains itself to staff", () => {
  const why = async () => (await page((await last()).id)).data.why.join(" ");
  const body = '{"event": "push",\n "n": 1}';
  it.each([
    [
      "a timestamp that is old",
      {},
      () => ({ "X-Timestamp": seconds(-412) }),
      /The timestamp was 41[2-5] seconds old; 300 are allowed/,
    ],
    [
      "a timestamp that is ahead",
      {},
      { "X-Timestamp": seconds(3_600) },
      /3,[56]\d\d seconds ahead; 300 are allowed.*clock is fast/,
    ],
    ["milliseconds", {}, { "X-Timestamp": String(Date.now()) }, /looks like milliseconds/],
    ["no timestamp", {}, { "X-Timestamp": "" }, /timestamp is missing/],
    ["a timestamp that is none", {}, { "X-Timestamp": "NaN" }, /The timestamp is "NaN"/],
    ["no signature", {}, { "X-Signature": undefined }, /The header X-Hub-Signature-256 is missing/],
    ["an empty signature", {}, { "X-Signature": "" }, /is empty/],
    [
      "an upper-case signature",
      {},
      { "X-Signature": hmac(body).toUpperCase() },
      /right but written in upper case/,
    ],
    ["a prefix", {}, { "X-Signature": `sha256=${hmac(body)}` }, /right but has the prefix sha256=/],
    ["a signature twice", {}, { "X-Signature": `${hmac(body)}, ${hmac(body)}` }, /right but was sent twice/],
    ["Base64", {}, { "X-Signature": Buffer.from(hmac(body), "hex").toString("base64") }, /Base64/],
    [
      "compact JSON",
      {},
      { "X-Signature": hmac('{"event":"push","n":1}') },
      /match if the JSON were serialised anew: a proxy/,
    ],
    ["JSON as Python writes it", {}, { "X-Signature": hmac('{"event": "push", "n": 1}') }, /serialised anew/],
    ["a line end that was lost", {}, { "X-Signature": hmac(`${body}\n`) }, /with a line end behind/],
    [
      "a secret that nobody knows",
      {},
      { "X-Signature": hmac(body, "x") },
      /matches no secret of github.*…e-me/,
    ],
    ["no secret at all", { WEBHOOK_SECRET: undefined }, {}, /Set WEBHOOK_SECRET/],
    ["an id that is too long", {}, { "X-Event-Id": "x".repeat(300) }, /up to 255 characters/],
  ])("for %s", async (_, settings, spoilt, words) => {
    set(settings);
    await send(body, typeof spoilt === "function" ? spoilt() : spoilt);
    expect(await why()).toMatch(words);
  });
  it("when the secret is one that was taken away", async () => {
    await Secret.create({ provider: "shop", value: "previous-abcd", active: false });
    await send("{}", { "X-Signature": hmac("{}", "previous-abcd") }, "shop");
    expect(await why()).toMatch(/matches the previous secret, which ends with abcd/);
  });
  it("when the secret has been added since", async () => {
    await send("{}", { "X-Signature": hmac("{}", "added-later-wxyz") }, "shop");
    await Secret.create({ provider: "shop", value: "added-later-wxyz" });
    expect(await why()).toMatch(/ends with wxyz, which has been added since/);
  });
  it("when an id was used for two bodies", async () => {
    for (const text of ["{}", "[]"]) await send(text, { "X-Event-Id": "same" });
    expect(await why()).toMatch(/the id same was accepted before, with another body/);
  });
  it("but tells the sender nothing of it", async () => {
    expect(await send(body, { "X-Signature": `sha256=${hmac(body)}` })).toBe("401 invalid signature");
  });
});

describe("a handler", () => {
  it("hears of the events that it asks for, with what they hold", async () => {
    const heard: ReceivedEvent[] = [];
    const end = subscribe(async (event) => void heard.push(event), { provider: "shop", event: "paid" });
    await send('{"event":"paid","amount":5}', { "X-Event-Id": "a" }, "shop");
    await send('{"event":"other"}', {}, "shop");
    await send('{"event":"paid"}', {}, "github");
    await work();
    end();
    expect(heard).toMatchObject([
      {
        provider: "shop",
        event: "paid",
        eventId: "a",
        payload: { event: "paid", amount: 5 },
        receivedAt: expect.any(Date),
      },
    ]);
    expect(heard[0]!.body.toString()).toBe('{"event":"paid","amount":5}');
  });
  it("that fails is tried again, its errors are shown, and what it writes is there once", async () => {
    let tries = 0;
    const end = subscribe(async ({ id }, run) => {
      await run.finish(async (transaction) => {
        await Secret.create({ provider: `by-${id}`, value: "effect" }, { transaction });
        tries += 1;
        if (tries < 2) throw new Error("Not yet");
      });
    });
    await send();
    await work();
    const { id } = await last();
    expect(await Secret.count({ where: { provider: `by-${id}` } })).toBe(1);
    const { handling } = (await page(id)).data;
    end();
    expect(handling.find(({ name }: { name: string }) => name === "test")).toMatchObject({
      state: "done",
      attempts: 2,
      errors: [{ attempt: 1, message: "Not yet" }],
    });
  });
  it("that fails does not keep another from its work, and its events are found by that", async () => {
    const end = subscribe(async () => Promise.reject(new Error("Broken")));
    await send(undefined, { "X-Event-Id": "a" });
    await Job.update({ maxAttempts: 1 }, { where: {} });
    await work();
    expect(await ids("?state=failed")).toEqual(["a"]);
    expect((await list()).rows[0].state).toBe("failed");
    const { handling } = (await page((await last()).id)).data;
    end();
    expect(handling).toMatchObject([
      { name: "log", state: "done" },
      { name: "test", state: "failed", errors: [{ message: "Broken" }] },
    ]);
  });
});

describe("Process again", () => {
  const again = async (id: number) =>
    call(processOne.action, post(`/webhooks/events/${id}/process?provider=github`, {}, headers()), {
      id: String(id),
    });
  it("hands an event to its handlers once more, also where the job is gone, and leads back to it", async () => {
    let heard = 0;
    const end = subscribe(async () => {
      heard += 1;
    });
    await send();
    const { id } = await last();
    await work();
    const answer = await again(id);
    expect([answer.status, answer.headers.get("Location")]).toEqual([
      303,
      `/webhooks/events/${id}?provider=github`,
    ]);
    expect((await flashOf(answer))?.text).toBe("It will be processed again.");
    await work();
    await Job.destroy({ where: {} });
    await again(id);
    await work();
    end();
    expect(heard).toBe(3);
    const changes = [{ field: "processing", before: null, after: "once more" }];
    const noted = { deed: "change", userName: "ada", changes };
    expect(await Activity.of("event", id)).toMatchObject([noted, noted]);
  });
  it("twice while it waits is once", async () => {
    await send();
    const { id } = await last();
    await again(id);
    await again(id);
    expect(await Job.count()).toBe(1);
  });
  it("is not for what was refused", async () => {
    await send(undefined, { "X-Timestamp": "0" });
    const answer = await again((await last()).id);
    expect((await flashOf(answer))?.kind).toBe("error");
    expect(await Job.count()).toBe(0);
  });
  it("all takes what fits the filters, and no refused event", async () => {
    for (const provider of ["github", "shop", "shop"]) await send(undefined, {}, provider);
    await send(undefined, { "X-Timestamp": "0" }, "shop");
    await work();
    const answer = await call(
      processAll.action,
      post("/webhooks/events/process?provider=shop", {}, headers()),
    );
    expect(answer.headers.get("Location")).toBe("/webhooks?provider=shop");
    expect((await flashOf(answer))?.text).toBe("2 events will be processed again.");
    expect(await Job.counts()).toMatchObject({ queued: 2, done: 1 });
    const noted = await Activity.findAll({ where: { model: "event" } });
    expect(noted.map(({ label, userName }) => [label, userName])).toEqual(Array(2).fill(["shop", "ada"]));
  });
});

describe("the CSV", () => {
  const csv = async (query = "") => {
    const request = get(`/webhooks/events/export.csv${query}`, headers());
    return ((await exportCsv.loader({ request, params: {}, context: {} })) as Response).text();
  };
  it("has a line for each event that the filters leave, on all pages", async () => {
    await seed.run(1_200);
    const lines = (await csv()).trim().split("\r\n");
    expect(lines).toHaveLength(1_201);
    expect(lines[0]).toBe("ID,Received,Provider,Event,Event id,Result,Processing,Came again,Bytes");
    expect(new Set(lines).size).toBe(1_201);
    expect((await csv("?validity=refused")).trim().split("\r\n")).toHaveLength(134);
  });
  it("goes on where it was, and ends, where the event is deleted that it had come to", async () => {
    const refused = (n: number) => ({
      provider: "shop",
      signatureValid: false,
      refusal: "signature",
      size: 0,
      digest: "",
      headers: {},
      ip: "",
      receivedAt: new Date(Date.now() - 1_000 * Math.floor(n / 10)),
    });
    await Event.bulkCreate(Array.from({ length: 1_500 }, (_, n) => refused(n)));
    const all = (await Event.findAll({ attributes: ["id"], raw: true })).map(({ id }) => id);
    const request = get("/webhooks/events/export.csv", headers());
    const answer = (await exportCsv.loader({ request, params: {}, context: {} })) as Response;
    const reader = answer.body!.getReader();
    const ids: number[] = [];
    let isOver = false;
    // Headings, two blocks and the end: one more would be too many.
    for (let part = 0; part < 5 && !isOver; part += 1) {
      const { done, value } = await reader.read();
      isOver = done;
      if (part > 0) ids.push(...(new TextDecoder().decode(value).match(/^\d+/gm) ?? []).map(Number));
      if (part === 1) await Event.destroy({ where: { id: ids.at(-1)! } });
    }
    expect(isOver).toBe(true);
    expect(ids.toSorted((a, b) => a - b)).toEqual(all.toSorted((a, b) => a - b));
  });
  it("keeps a spreadsheet from taking what a sender wrote for a formula", async () => {
    await send('{"event":"=1+1"}', { "X-Event-Id": "@x" });
    expect(await csv()).toContain("github,'=1+1,'@x,Accepted,Waiting");
  });
});

describe("Try it", () => {
  const tried = (fields: Record<string, string> = {}) =>
    call(
      overview.action,
      post(
        "/webhooks?index",
        { provider: "tenfold", body: '{"event":"ping"}', signature: "right", ...fields },
        headers(),
      ),
    );
  it("sends a signed event through the receiver, and leads to it", async () => {
    const answer = await tried();
    const { id, event, refusal } = await last();
    expect([answer.headers.get("Location"), event, refusal]).toEqual([
      `/webhooks/events/${id}`,
      "ping",
      null,
    ]);
    expect(await flashOf(answer)).toMatchObject({ kind: "success", text: "The receiver answered 200 ok." });
  });
  it("shows what a wrong signature leads to", async () => {
    const answer = await tried({ signature: "wrong" });
    expect((await last()).refusal).toBe("signature");
    expect((await flashOf(answer))?.text).toBe("The receiver answered 401 invalid signature.");
  });
  it.each([
    [{ provider: "../x" }, "provider"],
    [{ provider: "" }, "provider"],
    [{ signature: "x" }, "signature"],
    [{ body: "x".repeat(100_001) }, "body"],
  ])("refuses %j at its field, and keeps what was typed", async (fields, name) => {
    const { status, data } = await tried(fields as Record<string, string>);
    expect([status, data.problem.errors[0].name]).toEqual([422, name]);
    expect(data.problem.values.provider).toBe({ provider: "tenfold", ...fields }.provider);
  });
  it("says clearly that no secret is set, on the page and in answer to the form", async () => {
    set({ WEBHOOK_SECRET: undefined });
    const { data } = await call(overview.loader, get("/webhooks", headers()));
    expect(data).toMatchObject({ isSet: false, curl: null });
    expect((await tried()).data.problem.errors[0].message).toContain("No WEBHOOK_SECRET is set");
  });
  it("shows the secret to nobody", async () => {
    expect(JSON.stringify((await call(overview.loader, get("/webhooks", headers()))).data)).not.toContain(
      SECRET,
    );
  });
});

describe("secrets in the admin", () => {
  const admin = () => adminOf(cookie, "webhooks", "secret");
  it("are entered once, never shown again but for the last four characters, and accepted at once", async () => {
    const answer = await admin().add({ provider: "shop", active: "on", secret: "s3cret-of-shop" });
    expect(answer.status).toBe(303);
    const row = await Secret.findOne({ rejectOnEmpty: true });
    expect(row).toMatchObject({ provider: "shop", value: "s3cret-of-shop", active: true });
    const seen = JSON.stringify([
      (await admin().list()).data,
      (await admin().form(row.id)).data,
      (await admin().history(row.id)).data,
      await admin().csv(),
    ]);
    expect(seen).toContain("shop");
    expect(seen).not.toContain("s3cret");
    expect(await send("{}", { "X-Signature": hmac("{}", "s3cret-of-shop") }, "shop")).toBe("200 ok");
  });
  it("are refused at their field where they are none", async () => {
    const { status, data } = await admin().add({ provider: "a b", active: "on", secret: "" });
    expect(status).toBe(422);
    expect(data.problem.errors.map(({ name }: { name: string }) => name)).toContain("provider");
    expect(await Secret.count()).toBe(0);
  });
  it("keep their value when something else of them changes", async () => {
    const { id } = await Secret.create({ provider: "shop", value: "kept-value" });
    const { view } = (await admin().form(id)).data;
    await admin().change(id, { provider: "shop", _version: view.version });
    expect(await Secret.findByPk(id)).toMatchObject({ value: "kept-value", active: false });
  });
  it("events cannot be added or changed there", async () => {
    await send();
    const events = adminOf(cookie, "webhooks", "event");
    const { id } = await last();
    expect((await events.change(id, { provider: "x" })).status).toBe(404);
    const { data } = await events.list();
    expect(data.rows).toHaveLength(1);
    expect((await events.form(id)).status).toBe(200);
  });
});

describe("the nightly sweep", () => {
  const days = (count: number) => new Date(Date.now() - count * 24 * 60 * 60 * 1000);
  it("deletes old bodies, headers and refusals, and keeps that an id was accepted", async () => {
    set({ WEBHOOK_DAYS: 90 });
    const one = { "X-Event-Id": "one" };
    await send("{}", one);
    await send("{}", { "X-Timestamp": "0" });
    await Event.update({ receivedAt: days(91) }, { where: {} });
    await send("{}", { "X-Event-Id": "young" });
    await send("{}", { "X-Timestamp": "0" });
    await sweepWebhooks();
    expect(await Event.count()).toBe(3);
    const old = await Event.findOne({ where: { eventId: "one" }, rejectOnEmpty: true });
    expect(old).toMatchObject({ payload: null, text: null, bytes: null, headers: null });
    expect(await send("{}", one)).toBe("409 duplicate event");
    const { status, data } = await page(old.id);
    expect([status, data.body, data.days]).toEqual([200, null, 90]);
    expect(await Event.count({ where: { eventId: "young", headers: null } })).toBe(0);
  });
  it("takes more than a bit at a time", async () => {
    await seed.run(1_300);
    await Event.update({ receivedAt: days(91) }, { where: {} });
    await sweepWebhooks();
    const left = await Event.findAll();
    expect(left.length).toBe(1_300 - 144);
    expect(left.every(({ headers }) => headers === null)).toBe(true);
  });
});

describe("the seed", () => {
  it("is the same at every run, and adds nothing the second time", async () => {
    await seed.run(60);
    expect(await Event.count()).toBe(60);
    expect(await Event.count({ where: { refusal: null } })).toBe(53);
    await seed.run(60);
    expect(await Event.count()).toBe(60);
    expect(await Job.count()).toBe(0);
  });
});
