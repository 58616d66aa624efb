import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { sequelize } from "#models/database.server";
import { Job } from "#models/job.server";
import { REFUSALS_KEPT, REFUSED_BYTES_KEPT } from "#models/webhook-arrival.server";
import { Event } from "#models/webhook-event.server";
import { Hour } from "#models/webhook-hour.server";
import { Secret } from "#models/webhook-secret.server";
import { set } from "../../helpers/settings";
import { planOf, statementsOf } from "../../helpers/statements";
import { hmac, SECRET, seconds, send, withSecret } from "./sender";

beforeEach(() => withSecret());

// Postgres decides by how many rows there are.
const onSqlite = sequelize.getDialect() === "sqlite" ? it : () => {};
const only = () => Event.findOne({ rejectOnEmpty: true });
const bodyOf = async () => (await Event.withBody((await only()).id))!;
const refusals = async () => (await Event.findAll({ order: ["id"] })).map(({ refusal }) => refusal);

describe("the tutorial's contract", () => {
  it("a right signature is 200 ok, and the event is stored with its job", async () => {
    expect(await send('{"event":"push","repo":"my-project"}', { "X-Event-Id": "evt-001" })).toBe("200 ok");
    expect(await only()).toMatchObject({
      provider: "github",
      eventId: "evt-001",
      event: "push",
      signatureValid: true,
      refusal: null,
      secretTail: "e-me",
      payload: { event: "push", repo: "my-project" },
    });
    expect(await Job.findAll()).toMatchObject([{ name: "process-webhook", status: "queued" }]);
  });
  it("a wrong signature is 401 invalid signature, and the event is stored all the same", async () => {
    expect(await send(undefined, { "X-Signature": hmac("other"), "X-Event-Id": "evt-1" })).toBe(
      "401 invalid signature",
    );
    expect(await only()).toMatchObject({ eventId: "evt-1", signatureValid: false, refusal: "signature" });
    expect(await Job.count()).toBe(0);
  });
  it("a timestamp of more than 300 s ago is 400 timestamp too old; one of 300 s is taken", async () => {
    expect(await send(undefined, { "X-Timestamp": seconds(-302) })).toBe("400 timestamp too old");
    expect(await send(undefined, { "X-Timestamp": seconds(-299) })).toBe("200 ok");
    expect(await refusals()).toEqual(["too-old", null]);
  });
  it("the same event id again is 409 duplicate event, and is counted", async () => {
    const headers = { "X-Event-Id": "evt-001" };
    expect([
      await send(undefined, headers),
      await send(undefined, headers),
      await send(undefined, headers),
    ]).toEqual(["200 ok", "409 duplicate event", "409 duplicate event"]);
    expect((await only()).duplicates).toBe(2);
    expect([await Event.count(), await Job.count()]).toEqual([1, 1]);
  });
  it("the same event id of another provider is another event", async () => {
    const headers = { "X-Event-Id": "evt-001" };
    expect(await send(undefined, headers)).toBe("200 ok");
    expect(await send(undefined, headers, "shop")).toBe("200 ok");
  });
});

describe("an event that was refused", () => {
  it.each([
    ["signed wrongly", { "X-Signature": hmac("x") }],
    ["too late", { "X-Timestamp": seconds(-400) }],
  ])("as %s never blocks the id of a genuine one", async (_, headers) => {
    expect(await send(undefined, { ...headers, "X-Event-Id": "evt-1" })).toMatch(/^40/);
    expect(await send(undefined, { "X-Event-Id": "evt-1" })).toBe("200 ok");
  });
});

describe("a signature", () => {
  const body = '{"event":"push"}';
  const right = hmac(body);
  it.each([
    ["missing", undefined, "no-signature"],
    ["empty", "", "no-signature"],
    ["twice, joined as HTTP does", `${right}, ${right}`, "no-signature"],
    ["in upper case", right.toUpperCase(), "no-signature"],
    ["with a prefix", `sha256=${right}`, "no-signature"],
    ["not hexadecimal", "z".repeat(64), "no-signature"],
    ["too short", right.slice(1), "no-signature"],
    ["too long", `${right}0`, "no-signature"],
    ["not ASCII", "é".repeat(64), "no-signature"],
    ["of another secret", hmac(body, "other"), "signature"],
    ["of another body", hmac("{}"), "signature"],
  ])("that is %s is refused", async (_, signature, refusal) => {
    expect(await send(body, { "X-Signature": signature }, "shop")).toBe("401 invalid signature");
    expect(await refusals()).toEqual([refusal]);
  });
  it("is refused where no secret is set at all, also one made with nothing", async () => {
    set({ WEBHOOK_SECRET: undefined });
    expect(await send(body, { "X-Signature": hmac(body, "") })).toBe("401 invalid signature");
    expect(await refusals()).toEqual(["no-secret"]);
  });
  it("is looked at before anything else: what is wrong besides is not told", async () => {
    const wrong = { "X-Signature": hmac("x"), "X-Timestamp": "NaN", "X-Event-Id": "x".repeat(300) };
    expect(await send("no JSON", wrong)).toBe("401 invalid signature");
  });
});

describe("a timestamp", () => {
  it.each([
    ["missing", undefined, "bad-timestamp"],
    ["empty", "", "bad-timestamp"],
    ["NaN", "NaN", "bad-timestamp"],
    ["negative", "-5", "bad-timestamp"],
    ["1e9", "1e9", "bad-timestamp"],
    ["a fraction", `${seconds()}.5`, "bad-timestamp"],
    ["hexadecimal", "0x10", "bad-timestamp"],
    ["of 400 digits", "9".repeat(400), "bad-timestamp"],
    ["0", "0", "too-old"],
    ["in milliseconds", String(Date.now()), "too-early"],
    ["an hour ahead", seconds(3_600), "too-early"],
    ["in the far future", "99999999999", "too-early"],
  ])("that is %s is a 400", async (_, timestamp, refusal) => {
    expect(await send(undefined, { "X-Timestamp": timestamp })).toMatch(/^400 (invalid )?timestamp/);
    expect(await refusals()).toEqual([refusal]);
    expect((await only()).signatureValid).toBe(true);
  });
});

describe("an event id", () => {
  it.each([undefined, "", "  "])("that is %j is none: each event is stored", async (id) => {
    for (let n = 0; n < 3; n += 1) expect(await send(undefined, { "X-Event-Id": id })).toBe("200 ok");
    expect([await Event.count({ where: { eventId: null } }), await Job.count()]).toEqual([3, 3]);
  });
  it("of 255 characters is taken; a longer one, up to 10 kB, is a 400", async () => {
    expect(await send(undefined, { "X-Event-Id": "x".repeat(255) })).toBe("200 ok");
    for (const length of [256, 10_000])
      expect(await send(undefined, { "X-Event-Id": "x".repeat(length) })).toBe("400 invalid event id");
    expect(await refusals()).toEqual([null, "bad-id", "bad-id"]);
  });
  it("with a control character in it is a 400", async () => {
    expect(await send(undefined, { "X-Event-Id": "a\u0001b" })).toBe("400 invalid event id");
  });
});

describe("a provider", () => {
  it.each(["shop", "GITHUB", "a.b-c_d", "x".repeat(40)])(
    "called %s may use the tutorial's scheme",
    async (name) => {
      expect(await send(undefined, {}, name)).toBe("200 ok");
      expect((await only()).provider).toBe(name.toLowerCase());
    },
  );
  it.each(["../x", "x".repeat(41), "x".repeat(300), "a b", "", "é", "\u0000", "-x"])(
    "called %j is unknown, and nothing is stored",
    async (name) => {
      expect(await send(undefined, {}, name)).toBe("404 unknown provider");
      expect(await Event.count()).toBe(0);
    },
  );
  it("called as a property of every object has no scheme of that name", async () => {
    expect(await send(undefined, {}, "constructor")).toBe("200 ok");
  });
});

const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("a body", () => {
  const BODIES: [string, string | Buffer][] = [
    ["empty", ""],
    ["JSON with spaces and a line end", '{ "event" : "push",\n "n": 1.0 }\n'],
    ["JSON with a key twice", '{"event":"a","event":"push"}'],
    ["JSON with a number that is too large", '{"n":123456789012345678901234567890,"e":1e999}'],
    ["JSON with __proto__", '{"__proto__":{"admin":true},"constructor":{"prototype":{}}}'],
    ["JSON with NUL", '{"event":"a\\u0000b"}'],
    ["JSON with half a surrogate pair", '{"event":"\\ud800"}'],
    ["JSON with a whole surrogate pair", '{"event":"\\ud83d\\ude00"}'],
    ["a number", "12345678901234567890"],
    ["a fraction", "1.50"],
    ["text in quotes", '"text"'],
    ["null", "null"],
    ["a byte order mark and JSON", '\ufeff{"event":"push"}'],
    ["no JSON", "a=1&b=2"],
    ["NaN", '{"n":NaN}'],
    ["half of JSON", '{"event":'],
    ["500 lists in each other", deep(500)],
    ["501 lists in each other", deep(501)],
    ["100,000 lists in each other", deep(100_000)],
    ["100,000 lists that never end", "[".repeat(100_000)],
    ["100,000 objects in each other", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
    ["gzip", gzipSync('{"event":"push"}')],
    ["no UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ["NUL", Buffer.from("a\0b")],
    ["a million bytes", `{"event":"${"x".repeat(999_988)}"}`],
  ];
  it.each(BODIES)("that is %s is taken and kept to the byte", async (_, body) => {
    expect(await send(body)).toBe("200 ok");
    expect((await bodyOf()).body?.equals(Buffer.from(body))).toBe(true);
    expect((await only()).size).toBe(Buffer.byteLength(body));
  });
  it.each(BODIES)("that is %s is kept to the byte where it was refused", async (_, body) => {
    expect(await send(body, { "X-Signature": hmac(`${body}.`) })).toBe("401 invalid signature");
    expect((await bodyOf()).body?.equals(Buffer.from(body))).toBe(true);
  });
  it.each([
    ['{"event":"push","n":{"a":[1]}}', "payload"],
    [deep(500), "payload"],
    ['{"event":"\\ud83d\\ude00"}', "payload"],
    [deep(501), "text"],
    ['{"event":"a\\u0000b"}', "text"],
    ["12345678901234567890", "text"],
    ["a=1", "text"],
    [Buffer.from([0xff]), "bytes"],
  ] as const)("like %.20s is kept as %s", async (body, column) => {
    await send(body);
    const { payload, text, bytes } = await bodyOf();
    const kept = Object.entries({ payload, text, bytes }).filter(([, value]) => value !== null);
    expect(kept.map(([name]) => name)).toEqual([column]);
  });
  it("of a refused event is not read: it is kept as text, also where it is JSON", async () => {
    await send('{"event":"push"}', { "X-Signature": hmac("x") });
    expect(await bodyOf()).toMatchObject({ payload: null, text: '{"event":"push"}' });
    expect((await only()).event).toBeNull();
  });
  it("is queried by what its JSON holds, whatever else was sent", async () => {
    for (const [, body] of BODIES) await send(body);
    await send('{"event":"payment.success","data":{"amount":1999}}', { "X-Event-Id": "paid" });
    const [found] = await Event.findAll({ where: { "payload.event": "payment.success" } as never });
    expect(found?.eventId).toBe("paid");
    const path =
      sequelize.getDialect() === "sqlite" ? "payload->'data'->>'amount'" : "payload::json->'data'->>'amount'";
    const [rows] = await sequelize.query(
      `SELECT event_id FROM webhook_events WHERE CAST(${path} AS TEXT) = '1999'`,
    );
    expect(rows).toEqual([{ event_id: "paid" }]);
  });
  it("does not lend its keys to other objects", async () => {
    await send('{"__proto__":{"event":"polluted"}}');
    expect(({} as { event?: string }).event).toBeUndefined();
    expect((await only()).event).toBeNull();
  });
  it.each([
    ['{"event":{"a":1}}', null],
    ['{"event":""}', null],
    ['{"event":"a\\u0000b"}', "ab"],
    [`{"event":"${"x".repeat(200)}"}`, "x".repeat(100)],
    ['[{"event":"push"}]', null],
  ])("like %.30s tells of the event %j", async (body, event) => {
    expect(await send(body)).toBe("200 ok");
    expect((await only()).event).toBe(event);
  });
});

describe("what is kept of the headers", () => {
  it("is all but what signs people in", async () => {
    await send(undefined, { Cookie: "session=a", Authorization: "Basic abc", "X-Custom": "é" });
    const { headers } = await only();
    expect(headers).toMatchObject({ "x-custom": "é", "content-type": "application/json" });
    expect(JSON.stringify(headers)).not.toMatch(/session=|Basic/);
  });
});

describe("the same event many times at once", () => {
  it("is stored and processed once: of 50 copies one is new, the others are duplicates", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => send(undefined, { "X-Event-Id": "one" })),
    );
    expect(answers.filter((answer) => answer === "200 ok")).toHaveLength(1);
    expect(answers.filter((answer) => answer === "409 duplicate event")).toHaveLength(49);
    expect([await Event.count(), await Job.count(), (await only()).duplicates]).toEqual([1, 1, 49]);
  });
  it("with bad signatures among them is stored once as accepted", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        send(undefined, { "X-Event-Id": "one", ...(n % 2 ? { "X-Signature": hmac("x") } : {}) }),
      ),
    );
    expect(answers.filter((answer) => answer === "200 ok")).toHaveLength(1);
    expect(await Event.count({ where: { refusal: null } })).toBe(1);
    expect(await Event.count({ where: { refusal: "signature" } })).toBe(25);
  });
  it("with another body is refused with 409 and flagged, also within the same moment", async () => {
    const bodies = ['{"n":1}', '{"n":2}'];
    const answers = await Promise.all(bodies.map((body) => send(body, { "X-Event-Id": "one" })));
    expect(answers.toSorted()).toEqual(["200 ok", "409 duplicate event"]);
    expect(await send('{"n":3}', { "X-Event-Id": "one" })).toBe("409 duplicate event");
    expect(await refusals()).toEqual([null, "conflict", "conflict"]);
    expect(await Event.findOne({ where: { refusal: "conflict" } })).toMatchObject({
      signatureValid: true,
      eventId: "one",
    });
    expect(await Job.count()).toBe(1);
  });
});

describe("secrets", () => {
  it("of the setting may be several: any of them is taken, and the event says which", async () => {
    withSecret("the new one", "the old one");
    const body = "{}";
    expect(await send(body, { "X-Signature": hmac(body, "the old one") })).toBe("200 ok");
    expect(await send(body, { "X-Signature": hmac(body, "the new one") })).toBe("200 ok");
    expect((await Event.findAll({ order: ["id"] })).map(({ secretTail }) => secretTail)).toEqual([
      " one",
      " one",
    ]);
    expect(await send(body, { "X-Signature": hmac(body, "neither") })).toBe("401 invalid signature");
  });
  it("that staff enter count at once, beside the others, until they are taken away", async () => {
    const body = "{}";
    const signed = { "X-Signature": hmac(body, "entered-1234") };
    expect(await send(body, signed, "shop")).toBe("401 invalid signature");
    const secret = await Secret.create({ provider: "shop", value: "entered-1234" });
    expect(await send(body, signed, "shop")).toBe("200 ok");
    expect(await send(body, {}, "shop")).toBe("200 ok");
    expect(await send(body, signed, "other")).toBe("401 invalid signature");
    expect((await Event.findOne({ where: { secretTail: "1234" } }))?.provider).toBe("shop");
    await secret.update({ active: false });
    await expect.poll(() => send(body, signed, "shop")).toBe("401 invalid signature");
  });
  it("of a provider with a scheme of its own are for that scheme alone", async () => {
    set({ WEBHOOK_SECRETS: [{ provider: "stripe", secret: "whsec_stripe" }] });
    // What Stripe has signed, sent as a body of the other scheme.
    const body = `${seconds()}.{"id":"evt_1"}`;
    expect(await send(body, { "X-Signature": hmac(body, "whsec_stripe") }, "stripe")).toBe(
      "401 invalid signature",
    );
    expect(await send(body, { "X-Signature": hmac(body, SECRET) }, "stripe")).toBe("200 ok");
  });
});

describe("refused events", () => {
  it("of a day and a provider are kept up to a number, the newest; all are counted", async () => {
    const receivedAt = new Date(new Date().toISOString().slice(0, 10));
    const old = (n: number) => ({
      provider: "shop",
      signatureValid: false,
      refusal: "signature",
      eventId: `old-${n}`,
      event: null,
      secretTail: null,
      size: 0,
      digest: "",
      headers: {},
      ip: "",
      receivedAt,
    });
    await Event.bulkCreate(Array.from({ length: REFUSALS_KEPT }, (_, n) => old(n)));
    await Event.bulkCreate([{ ...old(0), provider: "github", eventId: "of another" }]);
    const wrong = { "X-Signature": hmac("x") };
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        send(undefined, { ...wrong, "X-Event-Id": `${n}` }, ["shop", "made-up", "other"][n % 3]),
      ),
    );
    expect(await Event.count()).toBe(REFUSALS_KEPT + 1);
    expect(await Event.count({ where: { eventId: ["old-0", "old-9"] } })).toBe(0);
    expect(await Event.count({ where: { eventId: ["old-10", "0", "9", "of another"] } })).toBe(4);
    expect(await Hour.findAll()).toMatchObject([{ provider: "other", accepted: 0, refused: 10 }]);
  });
  it.each([
    ["one that is known", "github", "shop"],
    ["made-up names", "shop", "github"],
  ])(
    "of a day and of %s are kept up to a size in all, the newest, and others' stay",
    async (_, mine, other) => {
      const receivedAt = new Date(new Date().toISOString().slice(0, 10));
      const old = (provider: string, eventId: string, size: number) => ({
        provider,
        signatureValid: false,
        refusal: "signature",
        eventId,
        size,
        digest: "",
        headers: {},
        ip: "",
        receivedAt,
      });
      const each = REFUSED_BYTES_KEPT / 50;
      await Event.bulkCreate([
        ...Array.from({ length: 50 }, (_, n) => old(mine, `old-${n}`, each)),
        ...Array.from({ length: 50 }, (_, n) => old(other, `other-${n}`, each)),
      ]);
      const body = "x".repeat(1_000_000);
      const wrong = { "X-Signature": hmac("x") };
      for (const id of ["first", "second"]) await send(body, { ...wrong, "X-Event-Id": id }, mine);
      await send("", { ...wrong, "X-Event-Id": "third" }, mine);
      const kept = await Event.findAll({ where: { provider: mine }, order: ["id"] });
      expect(kept.map(({ eventId }) => eventId)).toEqual([
        ...Array.from({ length: 48 }, (_, n) => `old-${n + 2}`),
        "first",
        "second",
        "third",
      ]);
      expect(kept.reduce((sum, { size }) => sum + size, 0)).toBe(REFUSED_BYTES_KEPT);
      expect(await Event.count({ where: { provider: other } })).toBe(50);
    },
  );
  onSqlite("that are too many are found by an index, without looking into their bodies", async () => {
    const refused = () => send(undefined, { "X-Signature": hmac("x") });
    const prune = (await statementsOf(refused)).find((sql) => sql.startsWith("DELETE FROM webhook_events"));
    const plan = (await planOf(prune!)).join("\n");
    expect(plan).toContain(
      "SEARCH event USING COVERING INDEX webhook_events_refused_of (provider=? AND received_at>?)",
    );
  });
  it("of a provider that has had one accepted are counted by its name, of made-up names together", async () => {
    await send(undefined, {}, "shop");
    for (const provider of ["shop", "made-up", "made-up-2"])
      await send(undefined, { "X-Signature": hmac("x") }, provider);
    expect(await Hour.findAll({ order: ["provider"] })).toMatchObject([
      { provider: "other", accepted: 0, refused: 2 },
      { provider: "shop", accepted: 1, refused: 1 },
    ]);
  });
  it("are counted by the hour, with the accepted ones, by provider", async () => {
    await Promise.all([send(), send(), send(undefined, { "X-Timestamp": "0" }), send(undefined, {}, "shop")]);
    const hours = await Hour.findAll({ order: ["provider"] });
    expect(hours).toMatchObject([
      { provider: "github", accepted: 2, refused: 1 },
      { provider: "shop", accepted: 1, refused: 0 },
    ]);
    const bars = await Hour.last(24, null);
    expect(bars).toHaveLength(24);
    expect(bars.at(-1)).toMatchObject({ accepted: 3, refused: 1 });
  });
});
