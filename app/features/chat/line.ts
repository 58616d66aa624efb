/** A browser's line to a room: what is said arrives once and in order, and what is written is sent once and in order. */
import type { Said } from "./said";

/** Written here, and not known to be stored. */
export interface Pending {
  client_id: string;
  username: string;
  text: string;
  state: "waiting" | "sending" | "sent" | "failed";
  /** Why it failed, in words. */
  error?: string;
}

export interface LineState {
  said: Said[];
  pending: Pending[];
  /** Of the connection, in words for the person. */
  status: string;
  isConnected: boolean;
}

/** What the server sends. */
type Frame =
  | ({ type: "message" } & Said)
  | ({ type: "change" } & Said)
  | { type: "ack"; client_id: string; seq: number }
  | { type: "level"; seq: number }
  | { type: "error"; code: string; error: string; client_id?: string; retry_after?: number };

/** Milliseconds of the first wait before connecting again, and of the longest. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
/** Milliseconds without an answer after which a message counts as not sent, and the connection as dead. */
const PATIENCE = 10_000;
/** Close code of a server that does not want one back (RFC 6455, 7.4.1). */
const POLICY = 1008;
/** Messages that are kept while more come in. */
const KEPT = 500;

const byPlace = (one: Said, other: Said) => one.seq - other.seq;

export class Line {
  #state: LineState = { said: [], pending: [], status: "", isConnected: false };
  #listeners = new Set<() => void>();
  #socket: WebSocket | undefined;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Of the answer that is due, and until when nothing is sent. */
  #patience: ReturnType<typeof setTimeout> | undefined;
  #isEnded = false;

  /**
   * @param slug Of the room.
   * @param key Where what is pending is kept while the page is loaded anew: another for each person.
   */
  constructor(
    readonly slug: string,
    readonly key: string,
    said: Said[],
  ) {
    this.#state.said = said;
  }

  readonly state = () => this.#state;

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Connects, and stays connected. @returns what ends that. */
  start() {
    this.#isEnded = false;
    const kept = sessionStorage.getItem(this.key);
    if (kept)
      this.#set({ pending: (JSON.parse(kept) as Pending[]).map((one) => ({ ...one, state: "waiting" })) });
    const now = () => {
      if (this.#timer) this.#connect();
    };
    addEventListener("online", now);
    // Who only passes by does not connect.
    this.#timer = setTimeout(() => this.#connect());
    return () => {
      removeEventListener("online", now);
      this.#isEnded = true;
      clearTimeout(this.#timer);
      clearTimeout(this.#patience);
      this.#leave();
    };
  }

  /** Takes messages in that came by another way, such as with a page; what would leave a gap the line brings itself. */
  merge(said: Said[]) {
    let last = this.#last();
    const taken = said.filter(({ seq }) => {
      if (seq === last + 1) last = seq;
      return seq <= last;
    });
    const all = new Map(this.#state.said.map((one) => [one.seq, one]));
    for (const one of taken) all.set(one.seq, one);
    this.#set({ said: [...all.values()].sort(byPlace), pending: this.#withoutKnown(taken) });
  }

  /** Forgets what is far above, for who reads what is said now. */
  trim() {
    const { said } = this.#state;
    if (said.length > 2 * KEPT) this.#set({ said: said.slice(-KEPT) });
  }

  say(username: string, text: string) {
    const client_id = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    this.#set({ pending: [...this.#state.pending, { client_id, username, text, state: "waiting" }] });
    this.#sendNext();
  }

  retry(client_id: string) {
    this.#change(client_id, { state: "waiting", error: undefined });
    this.#sendNext();
  }

  discard(client_id: string) {
    this.#set({ pending: this.#state.pending.filter((one) => one.client_id !== client_id) });
    this.#sendNext();
  }

  /** Tells how far one has read. */
  read(seq: number) {
    if (this.#state.isConnected) this.#socket?.send(JSON.stringify({ read: seq }));
  }

  #set(change: Partial<LineState>) {
    this.#state = { ...this.#state, ...change };
    if (change.pending) {
      if (change.pending.length > 0) sessionStorage.setItem(this.key, JSON.stringify(change.pending));
      else sessionStorage.removeItem(this.key);
    }
    for (const listener of this.#listeners) listener();
  }

  #change(client_id: string, change: Partial<Pending>) {
    const pending = this.#state.pending.map((one) =>
      one.client_id === client_id ? { ...one, ...change } : one,
    );
    this.#set({ pending });
  }

  #last() {
    return this.#state.said.at(-1)?.seq ?? 0;
  }

  #withoutKnown(said: Said[]) {
    const known = new Set(said.map((one) => one.client_id));
    const { pending } = this.#state;
    return pending.some((one) => known.has(one.client_id))
      ? pending.filter((one) => !known.has(one.client_id))
      : pending;
  }

  #connect() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isEnded) return;
    this.#set({ status: "Connecting…", isConnected: false });
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/ws/chat/${this.slug}?after=${this.#last()}`);
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data) as Frame);
    socket.onclose = ({ code }) => {
      if (!this.#isEnded && socket === this.#socket) this.#lose(code);
    };
    this.#patience = setTimeout(() => this.#giveUp(), PATIENCE);
  }

  /** Takes a connection that does not answer for dead: it may be so for many minutes before a browser notices. */
  #giveUp() {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#lose();
  }

  /** Connects again in a while, unless the server does not want one back. */
  #lose(code?: number) {
    clearTimeout(this.#patience);
    const pending = this.#state.pending.map((one) =>
      one.state === "sending" ? { ...one, state: "waiting" as const } : one,
    );
    this.#set({ pending, isConnected: false });
    if (code === POLICY) {
      this.#isEnded = true;
      return this.#set({ status: "Disconnected. Load the page again." });
    }
    // Those who were cut off together do not come back together.
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#tries) * (0.5 + Math.random() / 2);
    this.#tries += 1;
    this.#set({ status: `Reconnecting in ${Math.ceil(wait / 1_000)} s…` });
    this.#timer = setTimeout(() => this.#connect(), wait);
  }

  /** Browsers complain of a connection that is closed while it is made. */
  #leave() {
    const socket = this.#socket;
    if (socket?.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close();
    else socket?.close();
  }

  #hear(frame: Frame) {
    if (frame.type === "message") return this.#take(frame);
    if (frame.type === "change") {
      const { type: _, ...changed } = frame;
      return this.#set({ said: this.#state.said.map((one) => (one.seq === changed.seq ? changed : one)) });
    }
    if (frame.type === "level") {
      clearTimeout(this.#patience);
      this.#tries = 0;
      this.#set({ status: "Connected", isConnected: true });
      return this.#sendNext();
    }
    if (!frame.client_id) return;
    clearTimeout(this.#patience);
    if (frame.type === "ack") {
      // It stands here until it comes with what everybody gets.
      if (frame.seq <= this.#last()) return this.discard(frame.client_id);
      this.#change(frame.client_id, { state: "sent" });
      return this.#sendNext();
    }
    if (frame.retry_after === undefined) {
      this.#change(frame.client_id, { state: "failed", error: frame.error });
      return this.#sendNext();
    }
    this.#patience = setTimeout(() => {
      this.#change(frame.client_id!, { state: "waiting" });
      this.#sendNext();
    }, frame.retry_after * 1_000);
  }

  #take({ type: _, ...said }: { type: "message" } & Said) {
    if (said.seq <= this.#last()) return;
    this.#set({ said: [...this.#state.said, said], pending: this.#withoutKnown([said]) });
  }

  /** One at a time, so that they arrive in the order in which they were written. */
  #sendNext() {
    const { pending, isConnected } = this.#state;
    if (!isConnected || pending.some(({ state }) => state === "sending")) return;
    const next = pending.find(({ state }) => state === "waiting");
    if (!next) return;
    const { client_id, username, text } = next;
    this.#change(client_id, { state: "sending" });
    this.#socket?.send(JSON.stringify({ client_id, username, text }));
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => {
      this.#change(client_id, { state: "failed", error: "the server does not answer" });
      this.#giveUp();
    }, PATIENCE);
  }
}
