import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Line } from "~/features/chat/line";
import type { Said } from "~/features/chat/said";

/** A WebSocket whose server is the test. */
class FakeSocket {
  static readonly CONNECTING = 0;
  static made: FakeSocket[] = [];
  readyState = 1;
  isClosed = false;
  sent: { client_id: string; text: string }[] = [];
  onmessage: (event: { data: string }) => void = () => {};
  onclose: (event: { code: number }) => void = () => {};
  constructor(readonly url: string) {
    FakeSocket.made.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.isClosed = true;
  }
  says(frame: object) {
    this.onmessage({ data: JSON.stringify(frame) });
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.made = [];
  sessionStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const said = (seq: number, values: Partial<Said> = {}): Said => ({
  seq,
  user: 1,
  username: "ada",
  text: "",
  at: "2026-03-01T10:00:00.000Z",
  ...values,
});

const socket = () => FakeSocket.made.at(-1)!;
/** A line of a page that has messages 1 to `last`, on its way to the server. */
function started(last = 0) {
  const line = new Line(
    "general",
    "key",
    Array.from({ length: last }, (_, n) => said(n + 1)),
  );
  line.start();
  vi.advanceTimersByTime(0);
  return line;
}
function connected(last = 0) {
  const line = started(last);
  socket().says({ type: "level", seq: last });
  return line;
}
const pending = (line: Line) => line.state().pending.map(({ text, state }) => `${text}: ${state}`);

describe("what comes with a page, beside the line", () => {
  const texts = (line: Line) => line.state().said.map(({ seq, text }) => `${seq} ${text}`.trim());
  const numbered = (...seqs: number[]) => seqs.map((seq) => said(seq));
  it("is taken where it goes on, and never where it would leave a gap", () => {
    const line = new Line("general", "key", numbered(4, 5));
    line.merge(numbered(7, 8));
    expect(texts(line)).toEqual(["4", "5"]);
    line.merge(numbered(5, 6, 7));
    expect(texts(line)).toEqual(["4", "5", "6", "7"]);
    line.merge(numbered(1, 2, 3));
    expect(texts(line)).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
  });
  it("takes the place of what was there before", () => {
    const line = new Line("general", "key", numbered(1, 2));
    line.merge([said(1, { text: "changed", edited: true })]);
    expect(texts(line)).toEqual(["1 changed", "2"]);
  });
});

describe("a line that is cut off", () => {
  it("asks for what came after the last message that it has, and takes none of it twice", () => {
    const line = connected(5);
    expect(socket().url).toMatch(/^ws:\/\/.*\/ws\/chat\/general\?after=5$/);
    socket().says({ type: "message", ...said(6) });
    socket().onclose({ code: 1006 });
    vi.advanceTimersByTime(500);
    expect(socket().url).toMatch(/\?after=6$/);
    for (const seq of [6, 7]) socket().says({ type: "message", ...said(seq) });
    expect(line.state().said.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
  it.each([
    ["at the least half of that", 0, 0.5],
    ["at the most all of it", 1, 1],
  ])("waits for half a second, then twice as long each time up to 30 s, by chance %s", (_, chance, part) => {
    vi.spyOn(Math, "random").mockReturnValue(chance);
    const line = started();
    for (const seconds of [0.5, 1, 2, 4, 8, 16, 30, 30]) {
      const before = FakeSocket.made.length;
      socket().onclose({ code: 1006 });
      expect(line.state().status).toBe(`Reconnecting in ${Math.ceil(seconds * part)} s…`);
      vi.advanceTimersByTime(seconds * part * 1_000 - 1);
      expect(FakeSocket.made).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(FakeSocket.made).toHaveLength(before + 1);
    }
    socket().says({ type: "level", seq: 0 });
    expect(line.state()).toMatchObject({ status: "Connected", isConnected: true });
    socket().onclose({ code: 1012 });
    expect(line.state().status).toBe("Reconnecting in 1 s…");
  });
  it("is made anew where the server does not answer it for 10 s", () => {
    const line = started();
    const silent = socket();
    vi.advanceTimersByTime(9_999);
    expect(line.state().status).toBe("Connecting…");
    vi.advanceTimersByTime(1);
    expect(line.state().status).toMatch(/^Reconnecting in/);
    expect(silent.isClosed).toBe(true);
    silent.onclose({ code: 1006 });
    vi.advanceTimersByTime(500);
    expect(FakeSocket.made).toHaveLength(2);
    socket().says({ type: "level", seq: 0 });
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.made).toHaveLength(2);
  });
  it("does not come back where the server does not want it to", () => {
    const line = connected();
    socket().onclose({ code: 1008 });
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.made).toHaveLength(1);
    expect(line.state()).toMatchObject({ status: "Disconnected. Load the page again.", isConnected: false });
  });
});

describe("what is written", () => {
  it("waits, is sent in its order, one after the other, and is sent when the server has it", () => {
    const line = started();
    for (const text of ["a", "b"]) line.say("Ada", text);
    expect(pending(line)).toEqual(["a: waiting", "b: waiting"]);
    socket().says({ type: "level", seq: 0 });
    expect(pending(line)).toEqual(["a: sending", "b: waiting"]);
    const { client_id } = socket().sent[0]!;
    expect(socket().sent).toEqual([{ client_id, username: "Ada", text: "a" }]);
    socket().says({ type: "ack", client_id, seq: 1 });
    expect(pending(line)).toEqual(["a: sent", "b: sending"]);
    socket().says({ type: "message", ...said(1, { text: "a", client_id }) });
    expect(pending(line)).toEqual(["b: sending"]);
  });
  it("is sent again under its own client_id where the line was cut before the server had said that it has it", () => {
    const line = connected();
    line.say("Ada", "a");
    const [first] = socket().sent;
    socket().onclose({ code: 1006 });
    expect(pending(line)).toEqual(["a: waiting"]);
    vi.advanceTimersByTime(500);
    socket().says({ type: "level", seq: 0 });
    expect(socket().sent).toEqual([first]);
  });
  it("is not sent again where it comes with what was missed", () => {
    const line = connected();
    line.say("Ada", "a");
    const { client_id } = socket().sent[0]!;
    socket().onclose({ code: 1006 });
    vi.advanceTimersByTime(500);
    socket().says({ type: "message", ...said(1, { text: "a", client_id }) });
    socket().says({ type: "level", seq: 1 });
    expect([pending(line), socket().sent]).toEqual([[], []]);
  });
  it("is kept while the page is loaded anew, and sent then under its own client_id", () => {
    const line = connected();
    line.say("Ada", "under way");
    line.say("Ada", "waits");
    const [first] = socket().sent;
    const again = connected();
    expect(pending(again)).toEqual(["under way: sending", "waits: waiting"]);
    expect(socket().sent).toEqual([first]);
    for (const { client_id } of again.state().pending) again.discard(client_id);
    expect(pending(started())).toEqual([]);
  });
  it("fails where the server refuses it, with the reason, and what was written after it goes on", () => {
    const line = connected();
    for (const text of ["a", "b"]) line.say("Ada", text);
    const { client_id } = socket().sent[0]!;
    socket().says({ type: "error", code: "invalid", error: "Enter a message", client_id });
    expect(pending(line)).toEqual(["a: failed", "b: sending"]);
    expect(line.state().pending[0]).toMatchObject({ error: "Enter a message" });
  });
  it("waits as long as the server asks for where it is too fast", () => {
    const line = connected();
    line.say("Ada", "a");
    const { client_id } = socket().sent[0]!;
    socket().says({ type: "error", code: "slow_down", error: "too fast", retry_after: 0.2, client_id });
    vi.advanceTimersByTime(199);
    expect(socket().sent).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(socket().sent.map((one) => one.client_id)).toEqual([client_id, client_id]);
    expect(pending(line)).toEqual(["a: sending"]);
  });
  it("fails where the server does not answer for 10 s; the line is made anew, and Retry sends the same once more", () => {
    const line = connected();
    line.say("Ada", "a");
    const [first] = socket().sent;
    vi.advanceTimersByTime(9_999);
    expect(pending(line)).toEqual(["a: sending"]);
    vi.advanceTimersByTime(1);
    expect(pending(line)).toEqual(["a: failed"]);
    expect(line.state().isConnected).toBe(false);
    expect(line.state().status).toMatch(/^Reconnecting in/);
    expect(socket().isClosed).toBe(true);
    vi.advanceTimersByTime(500);
    socket().says({ type: "level", seq: 0 });
    expect(socket().sent).toEqual([]);
    line.retry(first!.client_id);
    expect(socket().sent).toEqual([first]);
    expect(pending(line)).toEqual(["a: sending"]);
  });
});
