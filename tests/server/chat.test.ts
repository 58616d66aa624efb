import { randomUUID } from "node:crypto";
import { connect as connectTcp } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  addPeople,
  PASSWORD,
  post,
  type RunningServer,
  send,
  sessionCookie,
  startServer,
} from "../helpers/server";
import { address, connect, refusal, type SocketClient } from "../helpers/socket";

let server: RunningServer;
let boss: Record<string, string>;
beforeAll(async () => {
  server = await startServer();
  boss = await addPeople(server, "boss", "ada", "bob");
  await addRoom("secret", true, ["2"]);
  await addRoom("other", false);
});
afterAll(() => server.stop());

/** Adds a room in the admin, as staff do. */
async function addRoom(slug: string, membersOnly: boolean, members: string[] = []) {
  const fields = { name: slug, slug, topic: "", ...(membersOnly && { members_only: "on" }) };
  const body = new URLSearchParams([...Object.entries(fields), ...members.map((id) => ["members", id])]);
  const headers = { ...boss, "Content-Type": "application/x-www-form-urlencoded" };
  const answer = await send(server.port, {
    method: "POST",
    path: "/admin/chat/room/add",
    headers,
    body: body.toString(),
  });
  expect(answer.status, answer.body.match(/class="error"[^<]*<?/)?.[0]).toBe(303);
}

async function signIn(username: string): Promise<{ Cookie: string }> {
  const answer = await post(server, "/accounts/login", { username, password: PASSWORD });
  return { Cookie: sessionCookie(answer).split(";")[0]! };
}

/** A client at an address of its own, which may send its 20 messages. */
const join = (path = "/ws/chat/", options: Parameters<typeof connect>[2] = {}) =>
  connect(server.port, path, { localAddress: address(), ...options });

/** Says something that nobody has said before; resolves when all of these have it. */
async function heard(from: SocketClient, ...by: SocketClient[]) {
  const text = randomUUID();
  from.send({ username: "check", text });
  for (const client of by) await client.got({ text });
}

async function isUnharmed(...clients: SocketClient[]) {
  const [one, other] = [await join(), await join()];
  await heard(one, other, ...clients);
  expect(server.output()).not.toContain("unexpected error");
}

describe("a plain client, as the tutorial has it", () => {
  it("sends two fields, and everybody gets them, whoever has left", async () => {
    const [one, two, three] = [await join(), await join(), await join("/ws/chat")];
    one.send({ username: "Ada", text: "hello there" });
    for (const client of [one, two, three])
      expect(await client.got({ text: "hello there" })).toMatchObject({
        username: "Ada",
        text: "hello there",
      });
    one.socket.close();
    await one.closed;
    two.send({ username: "Bob", text: "still here" });
    expect(await three.got({ text: "still here" })).toMatchObject({ username: "Bob" });
  });
  it("gets nothing but messages that have both fields, unless it errs", async () => {
    const client = await join();
    await heard(client, client);
    expect(client.frames.length).toBeGreaterThan(0);
    for (const frame of client.frames)
      expect(frame).toMatchObject({ username: expect.any(String), text: expect.any(String) });
  });
  it("is not told what it does not know of: that all is there, is stored, or has changed", async () => {
    const ada = await signIn("ada");
    const [plain, knowing] = [await join("/ws/chat/other"), await join("/ws/chat/other?after=0")];
    const [text, other] = [randomUUID(), randomUUID()];
    const said = await post(server, "/chat/other", { text }, ada);
    const { seq } = await knowing.got({ text });
    expect(said.headers.location).toBe(`/chat/other#m${seq}`);
    expect((await post(server, `/chat/other/${seq}/edit`, { text: other }, ada)).status).toBe(303);
    await knowing.got({ type: "change", seq, text: other });
    await heard(plain, plain);
    expect(plain.frames.map(({ type }) => type)).toEqual(["message", "message"]);
  });
  it.each([
    ["is anonymous without a name", { text: "t" }, "anonymous"],
    ["is anonymous with an empty name", { username: " ", text: "t" }, "anonymous"],
    ["is anonymous with null for a name", { username: null, text: "t" }, "anonymous"],
    ["has its name cut at 50 characters", { username: "x".repeat(60), text: "t" }, "x".repeat(50)],
    [
      "has its name cut at 50 characters, not between halves of one",
      { username: "🔑".repeat(60), text: "t" },
      "🔑".repeat(50),
    ],
    ["has its name in one line", { username: "a\nb\u0000c", text: "t" }, "a b c"],
  ])("%s", async (_, sent, username) => {
    const client = await join();
    const text = randomUUID();
    client.send({ ...sent, text });
    expect((await client.got({ text })).username).toBe(username);
  });
  it("has its text cut at 2,000 characters", async () => {
    const client = await join();
    const text = `${randomUUID()}${"🔑".repeat(2_000)}`;
    client.send({ text });
    const cut = [...text].slice(0, 2_000).join("");
    expect((await client.got({ text: cut })).text).toBe(cut);
  });
  it("who is signed in speaks under their own name, whatever they send", async () => {
    const client = await join("/ws/chat/", { headers: await signIn("ada") });
    const text = randomUUID();
    client.send({ username: "boss", text });
    expect((await client.got({ text })).username).toBe("ada");
  });
});

describe("a client that says how far it is", () => {
  it("is replayed all that came since, page by page and in order, and then goes live", async () => {
    const writers = await Promise.all(Array.from({ length: 15 }, () => join("/ws/chat/other")));
    const first = await join("/ws/chat/other?after=0");
    const { seq } = await first.got({ type: "level" });
    for (const [w, writer] of writers.entries())
      for (let n = 0; n < 18; n++) writer.send({ text: `${w} ${n}` });
    await first.got({ type: "message", seq: seq + 270 });
    const late = await join(`/ws/chat/other?after=${seq}`);
    expect((await late.got({ type: "level" })).seq).toBe(seq + 270);
    expect(late.frames.filter(({ type }) => type === "message").map((frame) => frame.seq)).toEqual(
      Array.from({ length: 270 }, (_, n) => seq + n + 1),
    );
    expect(late.texts()).toEqual(first.texts().slice(-270));
    const writer = await join("/ws/chat/other");
    await heard(writer, late);
  });
  it("is told that each message is stored, and sends it again without saying it twice", async () => {
    const client = await join("/ws/chat/other?after=0");
    const client_id = randomUUID();
    client.send({ text: client_id, client_id });
    const { seq } = await client.got({ type: "ack", client_id });
    const again = await join(`/ws/chat/other?after=${seq - 1}`);
    again.send({ text: client_id, client_id });
    expect((await again.got({ type: "ack", client_id })).seq).toBe(seq);
    await heard(again, again);
    expect(again.texts().filter((text) => text === client_id)).toHaveLength(1);
  });
  it("is told where another text was sent under its id, or its text was cut", async () => {
    const client = await join("/ws/chat/other?after=0");
    const client_id = randomUUID();
    client.send({ text: "one", client_id });
    await client.got({ type: "ack", client_id });
    client.send({ text: "another", client_id });
    await client.got({ type: "error", code: "conflict", client_id });
    const long = randomUUID();
    client.send({ text: "x".repeat(3_000), client_id: long });
    expect(await client.got({ type: "ack", client_id: long })).toMatchObject({ cut: true });
  });
  it("that is further than the room is told how far that is", async () => {
    const client = await join("/ws/chat/other?after=2000000000");
    expect((await client.got({ type: "level" })).seq).toBeLessThan(2_000_000);
    await heard(client, client);
  });
  it.each(["-1", "1.5", "x", "", "99999999999", "0x10", "1e3"])("cannot be %j far: 400", async (after) => {
    expect(await refusal(server.port, `/ws/chat/other?after=${after}`)).toBe("400");
  });
});

describe("bad input", () => {
  const invalid = { type: "error", code: "invalid" };
  it.each([
    ["is not JSON", "{"],
    ["is an array", "[]"],
    ["is null", "null"],
    ["is a number", "12"],
    ["is text", '"hello"'],
    ["is nested deep", "[".repeat(7_000) + "]".repeat(7_000)],
    ["is an object nested deep", `${'{"text":'.repeat(1_500)}1${"}".repeat(1_500)}`],
    ["is binary", Buffer.from([1, 2, 3])],
    ["is binary that would be JSON", Buffer.from('{"text":"x"}')],
    ["is empty", ""],
    ["has no text", { username: "Ada" }],
    ["has unknown fields alone", { type: "chat.message", room: "secret" }],
    ["has a number for a text", { text: 12 }],
    ["has a list for a text", { text: ["a"] }],
    ["has an object for a name", { text: "a", username: {} }],
    ["has an empty text", { text: "" }],
    ["has a text of spaces", { text: " \n\t " }],
    ["has a text that cannot be seen", { text: "\u200b" }],
    ["has NUL in its text", { text: "a\u0000b" }],
    ["has a client_id of 10 kB", { text: "a", client_id: "x".repeat(10_000) }],
    ["has a short client_id", { text: "a", client_id: "1" }],
    ["has a number for a client_id", { text: "a", client_id: 12345678 }],
    ["has read a negative number", { read: -1 }],
    ["has read half a message", { read: 1.5 }],
    ["has read what is to come", { read: 2_000_000_000 }],
    ["has read more than numbers can say", '{"read":1e999}'],
    ["has read a text", { read: "1" }],
  ])("a frame that %s is refused in words, and reaches nobody", async (_, frame) => {
    const [client, other] = [await join(), await join()];
    client.send(frame);
    expect((await client.got(invalid)).error).toMatch(/^.{8,}$/);
    await heard(client, client, other);
    expect(other.frames).toHaveLength(1);
    await isUnharmed(other);
  });
  it("a number of another room is no number of this one", async () => {
    const client = await join("/ws/chat/secret?after=0", { headers: await signIn("ada") });
    const { seq } = await client.got({ type: "level" });
    client.send({ read: seq + 1 });
    await client.got(invalid);
  });
  it("what is unknown in a frame means nothing", async () => {
    const client = await join();
    const text = randomUUID();
    client.send({ text, username: "Ada", seq: 1, room: "secret", user: 1, type: "ack", __proto__: { a: 1 } });
    expect(await client.got({ text })).toMatchObject({ type: "message", user: null, username: "Ada" });
  });
  it("half a character comes out as the sign for that", async () => {
    const client = await join();
    const text = randomUUID();
    client.send(`{"text":"${text}\\ud800"}`);
    await client.got({ text: `${text}\ufffd` });
  });
  it.each([
    ["of 17 kB", Buffer.from(JSON.stringify({ text: "x".repeat(17_000) })), 1009],
    ["nested 10,000 deep", Buffer.from("[".repeat(10_000) + "]".repeat(10_000)), 1009],
    ["of invalid UTF-8", Buffer.from([0x22, 0xc3, 0x28, 0x22]), 1007],
  ])("a frame %s closes its own connection, with the code for that, and no other", async (_, bytes, code) => {
    const [client, other] = [await join(), await join()];
    client.socket.send(bytes, { binary: false });
    expect((await client.closed).code).toBe(code);
    await isUnharmed(other);
  });
  it.each([
    ["without a mask", [0x81, 0x02, 0x7b, 0x7d]],
    ["with reserved bits", [0xf1, 0x80, 0, 0, 0, 0]],
    ["with an unknown opcode", [0x83, 0x80, 0, 0, 0, 0]],
    ["a continuation of nothing", [0x80, 0x80, 0, 0, 0, 0]],
    ["a fragmented ping", [0x09, 0x80, 0, 0, 0, 0]],
    ["of a length beyond measure", [0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]],
  ])("bytes %s close their own connection and no other", async (_, bytes) => {
    const [client, other] = [await join(), await join()];
    const raw = (client.socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket;
    raw.write(Buffer.from(bytes));
    expect([1002, 1006, 1009]).toContain((await client.closed).code);
    await isUnharmed(other);
  });
  it("a text in a hundred fragments is one text", async () => {
    const client = await join();
    const text = randomUUID();
    const whole = JSON.stringify({ text });
    for (const [n, letter] of [...whole].entries())
      client.socket.send(letter, { fin: n === whole.length - 1 });
    await client.got({ text });
  });
});

describe("a handshake", () => {
  /** Writes a request as it is, and returns the first line of what comes back. */
  const raw = (lines: string[]) =>
    new Promise<string>((resolve) => {
      const socket = connectTcp(server.port, "127.0.0.1", () =>
        socket.write(`${lines.join("\r\n")}\r\n\r\n`),
      );
      let answer = "";
      socket.on("data", (chunk) => {
        answer += chunk;
        socket.destroy();
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve(answer.split("\r\n")[0]!));
    });
  const good = {
    Host: "a",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  const ask = (path: string, change: Record<string, string | null> = {}, method = "GET") =>
    raw([
      `${method} ${path} HTTP/1.1`,
      ...Object.entries({ ...good, ...change })
        .filter(([, value]) => value !== null)
        .map(([name, value]) => `${name}: ${value}`),
    ]);
  it("as it should be is made", async () => {
    expect(await ask("/ws/chat/")).toBe("HTTP/1.1 101 Switching Protocols");
  });
  it.each([
    ["without a key", "/ws/chat/", { "Sec-WebSocket-Key": null }, 400],
    ["with a wrong key", "/ws/chat/", { "Sec-WebSocket-Key": "short" }, 400],
    ["without a version", "/ws/chat/", { "Sec-WebSocket-Version": null }, 400],
    ["of version 99", "/ws/chat/", { "Sec-WebSocket-Version": "99" }, 400],
    ["for another protocol", "/ws/chat/", { Upgrade: "h2c" }, 400],
    ["without a host", "/ws/chat/", { Host: null }, 400],
    ["with a host that is none", "/ws/chat/", { Host: "a b" }, 400],
    ["at a page", "/chat/general", {}, 404],
    ["at no path of ours", "/ws/nothing", {}, 404],
    ["at the home page", "/", {}, 404],
    ["at a room that there is not", "/ws/chat/nowhere", {}, 404],
    ["at a room with NUL in its name", "/ws/chat/%00", {}, 404],
    ["at a room too long for a name", `/ws/chat/${"x".repeat(5_000)}`, {}, 404],
    ["at a path that does not decode", "/ws/chat/%zz", {}, 400],
    ["at a target that is no path", "http://a/ws/chat/", {}, 400],
    ["from another origin", "/ws/chat/", { Origin: "https://evil.test" }, 403],
    ["from an origin that is null", "/ws/chat/", { Origin: "null" }, 403],
    ["from the same host at another port", "/ws/chat/", { Origin: "http://a:99" }, 403],
  ])("%s is refused in the terms of HTTP", async (_, path, change, status) => {
    expect(await ask(path, change as Record<string, null>)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    await isUnharmed();
  });
  it("from its own origin is made", async () => {
    expect(await ask("/ws/chat/", { Origin: "http://a" })).toContain("101");
  });
  it("by another method is refused", async () => {
    expect(await ask("/ws/chat/", {}, "POST")).not.toContain("101");
    await isUnharmed();
  });
  it("is left out by an ordinary request, which is a page that there is not", async () => {
    expect((await send(server.port, { path: "/ws/chat/" })).status).toBe(404);
  });
  it("that never comes, five hundred times, keeps nobody out", async () => {
    const idle = Array.from({ length: 500 }, () => {
      const socket = connectTcp(server.port, "127.0.0.1");
      socket.on("error", () => {});
      return socket;
    });
    const half = Array.from({ length: 100 }, () => {
      const socket = connectTcp(server.port, "127.0.0.1", () =>
        socket.write("GET /ws/chat/ HTTP/1.1\r\nUpgrade: webs"),
      );
      socket.on("error", () => {});
      return socket;
    });
    await isUnharmed();
    for (const socket of [...idle, ...half]) socket.destroy();
    await isUnharmed();
  });
  it("whose client leaves at once, five hundred times, ends nothing", async () => {
    for (let n = 0; n < 500; n++) {
      const socket = connectTcp(server.port, "127.0.0.1", () => {
        socket.write(
          [
            "GET /ws/chat/ HTTP/1.1",
            ...Object.entries(good).map(([name, value]) => `${name}: ${value}`),
            "",
            "",
          ].join("\r\n"),
        );
        socket.resetAndDestroy();
      });
      socket.on("error", () => {});
    }
    await isUnharmed();
  });
});

describe("a room for members only", () => {
  const nonce = /nonce="[^"]*"/g;
  it("answers others as one that there is not, as a page, a form, a message of it and a socket alike", async () => {
    const member = await join("/ws/chat/secret", { headers: await signIn("ada") });
    await heard(member, member);
    // The last may delete anybody's message, where she is let in.
    for (const headers of [{}, await signIn("bob"), boss]) {
      const answers = async (slug: string) => {
        const path = `/chat/${slug}`;
        const all = await Promise.all([
          send(server.port, { path, headers }),
          send(server.port, { path: `${path}.data`, headers }),
          post(server, path, { text: "let me in" }, headers),
          send(server.port, { path: `${path}/1/edit`, headers }),
          post(server, `${path}/1/edit`, { intent: "delete" }, headers),
        ]);
        const told = all.map(({ status, body }) => [status, body.replaceAll(slug, "").replaceAll(nonce, "")]);
        return [...told, await refusal(server.port, `/ws/chat/${slug}`, { headers })];
      };
      const [secret, nowhere] = [await answers("secret"), await answers("nowhere")];
      expect(secret[0]![0]).toBe(404);
      expect(secret.at(-1)).toBe("404");
      expect(secret).toEqual(nowhere);
    }
  });
  it("lets its members in, and shows what they say to members alone", async () => {
    const outside = await join();
    const ada = await join("/ws/chat/secret", { headers: await signIn("ada") });
    await heard(ada, ada);
    await heard(outside, outside);
    expect(outside.frames).toHaveLength(1);
  });
});

describe("an open socket", () => {
  /** Milliseconds until it is closed, and how. */
  const closing = async (client: SocketClient, act: () => Promise<unknown>) => {
    await act();
    const start = performance.now();
    const { code, reason } = await client.closed;
    return { code, reason, isSoon: performance.now() - start < 5_000 };
  };
  const gone = (reason: string) => ({ code: 1008, reason, isSoon: true });
  it("closes within 5 s when its session is signed out, and no other session's", async () => {
    const [headers, others] = [await signIn("ada"), await signIn("ada")];
    const [client, other] = [await join(undefined, { headers }), await join(undefined, { headers: others })];
    expect(await closing(client, () => post(server, "/accounts/logout", {}, headers))).toEqual(
      gone("signed out"),
    );
    await heard(other, other);
  });
  it("closes within 5 s when another process ends its session", async () => {
    const second = await startServer({ DATABASE_URL: server.databaseUrl });
    onTestFinished(() => second.stop());
    const headers = await signIn("ada");
    const client = await join(undefined, { headers });
    expect(await closing(client, () => post(second, "/accounts/logout", {}, headers))).toEqual(
      gone("signed out"),
    );
  });
  it("closes within 5 s when its person becomes inactive", async () => {
    await addPeopleLater("leaver");
    const client = await join(undefined, { headers: await signIn("leaver") });
    const act = async () =>
      change(`/admin/accounts/user/${await userId("leaver")}/change`, { username: "leaver", email: "" });
    expect(await closing(client, act)).toEqual(gone("signed out"));
  });
  it("closes within 5 s when its person is no member any more", async () => {
    await addRoom("closing", true, ["2"]);
    const client = await join("/ws/chat/closing", { headers: await signIn("ada") });
    await heard(client, client);
    const id = await roomId("closing");
    const act = () =>
      change(`/admin/chat/room/${id}/change`, { name: "closing", slug: "closing", members_only: "on" });
    expect(await closing(client, act)).toEqual(gone("not a member any more"));
  });
  it("closes when its room is deleted, and takes nothing for it any more", async () => {
    await addRoom("gone", false);
    const client = await join("/ws/chat/gone");
    const id = await roomId("gone");
    expect(
      await closing(client, () => post(server, `/admin/chat/room/${id}/delete`, {}, boss)),
    ).toMatchObject({ code: 1008 });
    await isUnharmed();
  });

  const roomId = async (slug: string) => {
    const { body } = await send(server.port, { path: `/admin/chat/room?q=${slug}`, headers: boss });
    return body.match(/\/admin\/chat\/room\/(\d+)\/change/)![1];
  };
  const userId = async (name: string) => {
    const { body } = await send(server.port, { path: `/admin/accounts/user?q=${name}`, headers: boss });
    return body.match(/\/admin\/accounts\/user\/(\d+)\/change/)![1];
  };
  const addPeopleLater = (username: string) =>
    post(
      server,
      "/admin/accounts/user/add",
      { username, email: "", password1: PASSWORD, password2: PASSWORD },
      boss,
    );
  /** Saves a form of the admin as it is now, with these fields and no others. */
  const change = async (path: string, fields: Record<string, string>) => {
    const { body } = await send(server.port, { path, headers: boss });
    const version = body.match(/name="_version" value="([^"]*)"/)![1]!.replaceAll("&quot;", '"');
    const answer = await post(server, path, { ...fields, _version: version }, boss);
    expect(answer.status, answer.body.match(/class="problem[\s\S]{0,500}/)?.[0]).toBe(303);
  };
});

describe("how much one may send", () => {
  const slow = { type: "error", code: "slow_down" };
  it("is 20 at once; what is more is told so, not cut off, and goes on a moment later", async () => {
    const client = await join();
    for (let n = 0; n < 30; n++) client.send({ text: `burst ${n}` });
    expect((await client.got(slow)).retry_after).toBeLessThanOrEqual(0.2);
    await client.got({ text: "burst 19" });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await heard(client, client);
    expect(client.texts().filter((text) => text.startsWith("burst")).length).toBeLessThan(25);
  });
  it("counts by address too, whatever the number of connections, and forms with it", async () => {
    const localAddress = address();
    const clients = await Promise.all(Array.from({ length: 4 }, () => join(undefined, { localAddress })));
    for (const [c, client] of clients.entries())
      for (let n = 0; n < 10; n++) client.send({ text: `${localAddress} ${c} ${n}` });
    await Promise.any(clients.map((client) => client.got(slow)));
    // All at once: on a busy machine one after the other would be slow enough.
    const say = (n: number) => post(server, "/chat/general", { text: `form ${n} of many`, name: "F" });
    const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => say(n)));
    const n = answers.findIndex(({ status }) => status === 429);
    expect(answers[n]?.body).toContain(`form ${n} of many`);
  });
  it("counts what is no message as well", async () => {
    const client = await join();
    for (let n = 0; n < 30; n++) client.send("{");
    await client.got(slow);
  });
});

describe("how many sockets one may open", () => {
  it("is 20 a person; the next is refused, and one that closes makes room", async () => {
    const headers = await signIn("bob");
    const clients = await Promise.all(Array.from({ length: 20 }, () => join(undefined, { headers })));
    expect(await refusal(server.port, "/ws/chat/", { headers })).toBe("429");
    clients[0]!.socket.close();
    await clients[0]!.closed;
    await expect.poll(() => refusal(server.port, "/ws/chat/", { headers })).toBe("open");
  });
  it("is 200 an address of people without an account, and none of another's", async () => {
    const options = { localAddress: address() };
    const clients = await Promise.all(Array.from({ length: 200 }, () => join(undefined, options)));
    expect(await refusal(server.port, "/ws/chat/", options)).toBe("429");
    await heard(clients[0]!, clients[199]!, await join());
  });
  it("is 20 a person also where forty are asked for at once", async () => {
    const headers = await signIn("boss");
    const all = await Promise.all(
      Array.from({ length: 40 }, () => refusal(server.port, "/ws/chat/", { headers })),
    );
    expect(all.filter((answer) => answer === "429")).toHaveLength(20);
  });
});

describe("a private site", () => {
  it("asks for a login before a socket, too", async () => {
    const closed = await startServer({ DATABASE_URL: server.databaseUrl, REQUIRE_LOGIN: "true" });
    onTestFinished(() => closed.stop());
    expect(await refusal(closed.port, "/ws/chat/")).toBe("401");
    const client = await connect(closed.port, "/ws/chat/?after=0", { headers: await signIn("ada") });
    await client.got({ type: "level" });
  });
});

describe("a process that stops", () => {
  it("closes 200 sockets with 1012 and ends within 10 s with 0, also where some do not answer", async () => {
    const stopping = await startServer();
    onTestFinished(() => stopping.stop());
    const clients = await Promise.all(
      Array.from({ length: 200 }, () => connect(stopping.port, "/ws/chat/", { localAddress: address() })),
    );
    for (const { socket } of clients.slice(0, 50))
      (socket as unknown as { _socket: { pause(): void } })._socket.pause();
    const start = performance.now();
    stopping.process.kill("SIGTERM");
    expect(await stopping.exited).toBe(0);
    expect(performance.now() - start < 10_000).toBe(true);
    for (const { closed } of clients.slice(50)) expect((await closed).code).toBe(1012);
  });
});
