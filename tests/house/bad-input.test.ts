import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessRows, pathOf } from "../helpers/access-table";
import {
  BYTES,
  badOf,
  COOKIES,
  FORM,
  HEADERS,
  MARKUP,
  meant,
  TEXTS,
  THROUGH,
  turns,
} from "../helpers/bad-input";
import { LONG, PASSWORD, post, type RawAnswer, sessionCookie } from "../helpers/server";
import {
  ask,
  crawl,
  each,
  elementsOf,
  encoded,
  formsOf,
  type House,
  isHtml,
  isTyped,
  kindsOf,
  type Page,
  routeOf,
  type Submission,
  startHouse,
} from "../helpers/site";

let house: House;
let reached: Page[];
const faults: string[] = [];
/** The cookies of the superuser's browser, but the session. */
const jar = new Map<string, string>();
let sent = 0;

beforeAll(async () => {
  // Who tries too often by one address has to wait: here each request comes from one of its own.
  house = await startHouse({ TRUST_PROXY: "1" });
  // Another browser, whose session can be ended.
  await post(house, "/accounts/login", { username: "boss", password: PASSWORD });
  const [ours, anybodys] = await Promise.all([crawl(house, house.boss), crawl(house)]);
  reached = [...ours.pages, ...anybodys.pages];
}, LONG);
afterAll(() => house.stop());

type How = Parameters<typeof ask>[2];

/** Sends what is bad, and notes what is wrong with the answer. @returns it, empty where none comes. */
async function attempt(path: string, how: How = {}, what = ""): Promise<RawAnswer> {
  sent += 1;
  const from = `10.${(sent >> 16) & 255}.${(sent >> 8) & 255}.${sent & 255}`;
  const headers = { "X-Forwarded-For": from, ...house.boss, ...how.headers };
  const fault = (why: string) =>
    void faults.push(`${how.method ?? "GET"} ${path.slice(0, 200)} ${what.slice(0, 200)}: ${why}`);
  try {
    const answer = await ask(house, path, { ...how, headers });
    if (answer.status >= 500) fault(String(answer.status));
    if (isHtml(answer) && THROUGH.some((markup) => markup.test(answer.body))) fault("markup came through");
    const cookies = [answer.headers["set-cookie"] ?? []].flat();
    if (answer.headers["x-injected"] || cookies.some((cookie) => cookie.startsWith("injected")))
      fault("a header came through");
    return answer;
  } catch (error) {
    fault(String(error));
    return { status: 0, headers: {}, body: "" };
  }
}

/** What was wrong since this was asked before. */
const found = () => faults.splice(0);

/** The rows of the table for a method, each with a path: as it is linked, where it is. */
function urlsOf(asked: string) {
  const linked = new Map(reached.map(({ path }) => [routeOf(path).url, path.replace(/\?.*/, "")]));
  return accessRows
    .filter(({ url }) => url.startsWith(`${asked} `))
    .map((row) => {
      const url = row.url.slice(asked.length + 1);
      return { ...row, url, path: linked.get(url) ?? pathOf(row) };
    });
}

describe("bad input", { timeout: 5 * LONG }, () => {
  it("in the path is no fault, neither of pages nor of their data", async () => {
    const values = [...TEXTS.filter(Boolean).map(encodeURIComponent), ...BYTES];
    const paths = ({ url, path }: { url: string; path: string }) =>
      url
        .split("/")
        .flatMap((part, at) =>
          /^[:*]/.test(part) ? values.map((value) => path.split("/").with(at, value).join("/")) : [],
        );
    await each(urlsOf("GET").flatMap(paths), (path) => attempt(path));
    await each(urlsOf("POST").flatMap(paths), (path) => attempt(path, { method: "POST", headers: FORM }));
    const data = urlsOf("GET").map(
      ({ path }) => `${path.replace(/[^/]*$/, encodeURIComponent(MARKUP))}.data`,
    );
    await each(data, (path) => attempt(path));
    expect(found()).toEqual([]);
  });
  it("in the query is no fault, neither of pages nor of their data", async () => {
    const screens = new Map(
      urlsOf("GET").map(({ path }) => [kindsOf(path)[0], { path, names: new Set<string>() }]),
    );
    for (const target of reached.flatMap(({ path, forms }) => [path, ...forms.map(({ action }) => action)])) {
      const { pathname, searchParams } = new URL(target, house.url);
      const screen = screens.get(kindsOf(pathname)[0]) ?? { path: pathname, names: new Set() };
      for (const name of searchParams.keys()) screen.names.add(name);
      screens.set(kindsOf(pathname)[0], screen);
    }
    const queries = [...screens.values()].flatMap(({ path, names }) => {
      const keys = [...names].map(encodeURIComponent);
      const bad = keys.length > 0 ? turns(keys, [...TEXTS.map(encodeURIComponent), ...BYTES]) : [];
      const odd = ["KEY=1&KEY=2", "KEY[]=1", "KEY[__proto__]=1", "KEY"].map((shape) =>
        keys.map((key) => shape.replaceAll("KEY", key)).join("&"),
      );
      const all = [...bad.map((pairs) => pairs.map((pair) => pair.join("=")).join("&")), ...odd];
      return [...all, "__proto__=1&constructor=2&%FF=3&&=&=="].map((query) => `${path}?${query}`);
    });
    await each(queries, (path) => attempt(path));
    const data = urlsOf("GET").flatMap(({ path }) =>
      ["index", "_routes=nasty", "_data=nasty"].map((query) => `${path}.data?${query}`),
    );
    await each(data, (path) => attempt(path));
    expect(found()).toEqual([]);
  });
  it("in forms is no fault", async () => {
    const waiting = new Map<string, Submission>();
    const swept = new Map<string, Submission>();
    const add = (forms: Submission[]) => {
      for (const form of forms)
        if (form.method === "POST" && !swept.has(keyOf(form))) waiting.set(keyOf(form), form);
    };
    /** Sweeps the forms that wait, and those that they lead to. */
    async function sweep() {
      while (waiting.size > 0) {
        const [key, form] = [...waiting].sort(([, one], [, other]) => orderOf(one) - orderOf(other))[0]!;
        waiting.delete(key);
        swept.set(key, form);
        await signIn();
        add(await press(form));
        const tries = badOf(form);
        await each(tries, ({ what, ...how }) => attempt(form.action, { method: "POST", ...how }, what));
      }
    }
    add(reached.flatMap(({ forms }) => forms));
    await sweep();
    // What lies in the trash by now, and what the browser has remembered, is shown with forms of its own.
    await signIn();
    const deletions = reached
      .flatMap(({ forms }) => forms)
      .filter(({ action }) => /^\/(?!admin).*\/delete/.test(action));
    for (const form of deletions) await press(form);
    const pages = new Map(reached.map(({ path }) => [kindsOf(path).at(-1), path]));
    const rows = accessRows.filter(({ url }) => url.startsWith("GET "));
    for (const path of [...pages.values(), ...rows.map(pathOf)]) add(await open(path));
    add(urlsOf("POST").flatMap(({ path, fields }) => (fields ? [ofFields(path, fields)] : [])));
    await sweep();
    expect(found()).toEqual([]);
    const routes = new Set([...swept.values()].map(({ action }) => routeOf(action).url));
    const left = urlsOf("POST").filter(({ url }) => !routes.has(url));
    expect(
      left.map(({ url }) => url),
      "without a form, and without fields in its row",
    ).toEqual([]);
  });
  it("in headers and cookies is no fault", async () => {
    const longest = Math.max(...Object.values(HEADERS).map(({ length }) => length));
    const bad = Array.from({ length: longest }, (_, turn) =>
      Object.fromEntries(
        Object.entries(HEADERS).map(([name, values]) => [name, values[turn % values.length]!]),
      ),
    );
    const kept = ["session", "flash-AAAAAAAA", ...jar.keys()];
    const cookies = COOKIES.map((value) => ({
      Cookie: kept
        .slice(0, value.length > 1_000 ? 2 : 9)
        .map((name) => `${name}=${value}`)
        .join("; "),
    }));
    const tries = urlsOf("GET").flatMap(({ path }) =>
      [...bad, ...cookies].map((headers) => ({ path, headers })),
    );
    await each(tries, ({ path, headers }) => attempt(path, { headers }, JSON.stringify(headers)));
    expect(found()).toEqual([]);
  });
  it("leaves nothing behind that is a fault or runs", async () => {
    await signIn();
    for (const headers of [house.boss, {}]) {
      const { pages, broken } = await crawl(house, headers);
      // What was deleted may still be named elsewhere.
      expect(broken.filter((line) => !line.endsWith(": 404"))).toEqual([]);
      const run = pages.filter(({ answer }) => THROUGH.some((markup) => markup.test(answer.body)));
      expect(run.map(({ path }) => path)).toEqual([]);
    }
    expect((await ask(house, "/healthz")).status).toBe(200);
    expect(house.output().match(/^\{"level":[56]0.*/gm)).toBe(null);
  });
});

/** A session of the superuser: the one at hand, or another where it was ended. */
async function signIn() {
  if ((await ask(house, "/accounts", { headers: house.boss })).status === 200) return;
  const answer = await post(house, "/accounts/login", { username: "boss", password: PASSWORD });
  house.boss = { Cookie: sessionCookie(answer).split(";")[0]! };
}

/** What tells a form from others: where it is sent, and with what. */
function keyOf({ action, fields }: Submission) {
  const named = fields.filter(({ type }) => type !== "submit").map(({ name }) => name);
  return `${fields.some(isTyped) ? kindsOf(action)[0] : routeOf(action).url} ${[...new Set(named)].sort()}`;
}

/** First those that are typed into, then what only a button asks for, last what takes away. */
const orderOf = ({ action, fields }: Submission) =>
  (fields.some(isTyped) ? 0 : 1) +
  (/delete|erase|empty|clear|remove|end|logout|sessions/.test(action) ? 2 : 0);

const ofFields = (action: string, fields: Record<string, string>): Submission => ({
  page: action,
  method: "POST",
  action,
  enctype: FORM["Content-Type"],
  fields: Object.entries(fields).map(([name, value]) => ({ name, value, type: "text", sent: true })),
});

/** Opens a page as a browser does that keeps its cookies. @returns its forms. */
async function open(path: string): Promise<Submission[]> {
  const cookies = [...jar].slice(-8).map((pair) => pair.join("="));
  const answer = await attempt(path, { headers: { Cookie: [house.boss.Cookie, ...cookies].join("; ") } });
  return keep(answer, path);
}

/** Keeps the cookies of an answer. @returns its forms. */
function keep(answer: RawAnswer, path: string) {
  for (const cookie of [answer.headers["set-cookie"] ?? []].flat()) {
    const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/)!;
    if (value && name !== "session") jar.set(name!, value);
    else jar.delete(name!);
  }
  return isHtml(answer) ? formsOf(elementsOf(answer.body), path) : [];
}

/** Sends a form as it is meant. @returns the forms of the page that it leads to. */
async function press(form: Submission): Promise<Submission[]> {
  const { action, enctype } = form;
  const answer = await attempt(
    action,
    { method: "POST", ...encoded(enctype, meant(form)) },
    "as it is meant",
  );
  const forms = keep(answer, action);
  const { location } = answer.headers;
  if (!location) return forms;
  const { pathname, search } = new URL(String(location), house.url + action);
  return open(pathname + search);
}
