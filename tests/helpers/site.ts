/** The whole house with its demo data, and how it looks to somebody who follows its links. */
import { spawnSync } from "node:child_process";
import { Agent } from "node:http";
import { matchRoutes } from "@remix-run/react";
import { XMLValidator } from "fast-xml-parser";
import pLimit from "p-limit";
import { parse, type DefaultTreeAdapterTypes as Tree } from "parse5";
import { expect } from "vitest";
import { urlsOf } from "~/manage/routes";
import routes from "../../app/routes";
import { addPeople, type RawAnswer, type RunningServer, send, startServer } from "./server";
import { multipart } from "./uploads";

/** What stands for servers elsewhere that features ask. */
const stubs = import.meta.glob<{ startStub(): Promise<{ url: string; stop(): Promise<void> }> }>(
  "../../app/features/*/stub.server.ts",
);

/** Milliseconds after which an answer is held not to come. */
const PATIENCE = 60_000;
const CONNECTIONS = 8;
/** Pages of a kind that are visited. */
const FEW = 2;

const table = urlsOf(routes).map(({ url }) => ({ path: url }));

export interface House extends RunningServer {
  /** The headers of a superuser of this name; beside them there is a person called plain. */
  boss: Record<string, string>;
}

/** The production server, which asks no server elsewhere. */
export async function startSite(env: Record<string, string> = {}): Promise<RunningServer> {
  const [stub] = await Promise.all(Object.values(stubs).map(async (load) => (await load()).startStub()));
  const server = await startServer({
    WEBHOOK_SECRET: "change-me",
    ...(stub && { WEATHER_BASE_URL: stub.url }),
    ...env,
  });
  const stop = async () => {
    await server.stop();
    await stub?.stop();
  };
  return { ...server, stop };
}

/** The same with the demo data of every feature. */
export async function startHouse(env: Record<string, string> = {}): Promise<House> {
  const server = await startSite(env);
  const boss = await addPeople(server, "boss", "plain");
  const { status, stderr } = spawnSync(process.execPath, ["build/manage.js", "seed"], {
    env: { ...process.env, DATABASE_URL: server.databaseUrl, UPLOADS: server.uploads },
    encoding: "utf8",
  });
  expect([status, stderr], "the demo data").toEqual([0, ""]);
  return { ...server, boss };
}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

/** One request on a connection that is kept. Fails where no answer comes. */
export async function ask(
  { port }: RunningServer,
  path: string,
  how: Parameters<typeof send>[1] = {},
): Promise<RawAnswer> {
  const on = (connection: Agent | false) =>
    send(port, { path, agent: connection, signal: AbortSignal.timeout(PATIENCE), ...how });
  // A server ends a connection that rests, and may do so just when it is used again.
  return on(agent).catch((error) => {
    if (error.code !== "ECONNRESET") throw error;
    return on(false);
  });
}

/** Does the work for each of `all`, a few at a time. */
export function each<T, R>(all: Iterable<T>, work: (one: T) => Promise<R>): Promise<R[]> {
  return pLimit(CONNECTIONS).map(all, work);
}

/** The URL of the table that a path belongs to, and its parameters. */
export function routeOf(path: string): { url: string; params: Record<string, string | undefined> } {
  const [match] = matchRoutes(table, path.replace(/[?#].*/, "")) ?? [];
  return { url: match?.route.path ?? "/*", params: match?.params ?? {} };
}

export interface Page {
  path: string;
  answer: RawAnswer;
  forms: Submission[];
}

export interface Crawl {
  pages: Page[];
  /** What does not resolve: where, on which page, why. */
  broken: string[];
}

/** Follows every link from the home page, a few of each kind. */
export async function crawl(server: RunningServer, headers: Record<string, string> = {}): Promise<Crawl> {
  const pages = new Map<string, Page & { ids: Set<string> }>();
  const broken: string[] = [];
  const kinds = new Map<string, number>();
  const asked = new Set(["/"]);
  const fragments: { path: string; id: string; from: string }[] = [];

  const visit = async ({ path, from }: Link): Promise<Link[]> => {
    const answer = await ask(server, path, { headers });
    const complain = (why: string | number) => void broken.push(`${path} on ${from}: ${why}`);
    if (answer.status >= 400) complain(answer.status);
    const { location } = answer.headers;
    if (location) return [{ path: String(location), from }];
    if (!isDocument(answer) || answer.status >= 400) return [];
    if (!isHtml(answer) && XMLValidator.validate(answer.body) !== true) complain("not well-formed");
    const elements = elementsOf(answer.body);
    const forms = formsOf(elements, path);
    const ids = new Set(elements.map((element) => element.is.id ?? ""));
    pages.set(path, { path, answer, forms, ids });
    return linksOf(elements, forms).map((link) => ({ path: link, from: path }));
  };
  for (let next: Link[] = [{ path: "/", from: "/" }]; next.length > 0; ) {
    const found = (await each(next, visit)).flat();
    next = [];
    for (const { path: href, from } of found) {
      const { origin, pathname, search, hash } = new URL(href, server.url + from);
      if (origin !== server.url) continue;
      const path = pathname + search;
      if (hash.length > 1) fragments.push({ path, id: decodeURIComponent(hash.slice(1)), from });
      const its = kindsOf(path);
      if (asked.has(path) || its.every((kind) => (kinds.get(kind) ?? 0) >= FEW)) continue;
      asked.add(path);
      for (const kind of its) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      next.push({ path, from });
    }
  }
  for (const { path, id, from } of fragments) {
    const page = pages.get(path);
    if (page && !page.ids.has(id)) broken.push(`${path}#${id} on ${from}: no such element`);
  }
  return { pages: [...pages.values()], broken };
}

interface Link {
  path: string;
  from: string;
}

const typeOf = ({ headers }: RawAnswer) => String(headers["content-type"]);

export const isHtml = (answer: RawAnswer) => typeOf(answer).startsWith("text/html");

/** Whether an answer is HTML, a feed, a sitemap or a drawing. */
const isDocument = (answer: RawAnswer) =>
  /^(text\/html|application\/(\w+\+)?xml|image\/svg)/.test(typeOf(answer));

/** An element of a document, as a browser reads it. */
interface Element {
  tag: string;
  /** Its attributes. */
  is: Record<string, string | undefined>;
  text: string;
  /** The elements that it is in. */
  within: Element[];
}

/** Every element of a document in its order. */
export function elementsOf(text: string): Element[] {
  const all: Element[] = [];
  const walk = (node: Tree.Node, within: Element[]): string => {
    if ("value" in node) return node.value;
    if (!("tagName" in node))
      return "childNodes" in node ? node.childNodes.map((child) => walk(child, within)).join("") : "";
    const is = Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]));
    const element: Element = { tag: node.tagName, is, text: "", within };
    all.push(element);
    element.text = node.childNodes.map((child) => walk(child, [...within, element])).join("");
    return element.text;
  };
  walk(parse(text), []);
  return all;
}

/** The attributes by which one document leads to another. */
const LEADING = ["href", "src", "data"];

/** Where a document leads to: links, what it is made of, and its forms as they are sent untouched. */
function linksOf(elements: Element[], forms: Submission[]): string[] {
  return [
    ...elements.flatMap(({ is }) => LEADING.flatMap((name) => is[name] ?? [])),
    ...elements.flatMap(({ is }) =>
      (is.srcset ?? "").split(/,\s+/).flatMap((part) => part.split(" ")[0] || []),
    ),
    // Of a sitemap.
    ...elements.filter(({ tag }) => tag === "loc").map(({ text }) => text),
    ...forms
      .filter(({ method }) => method === "GET")
      .map(
        ({ action, fields }) =>
          `${action}?${new URLSearchParams(fields.filter(({ sent }) => sent).map(({ name, value }) => [name, value]))}`,
      ),
  ];
}

/** What a path has in common with others: its route, for the admin with the model, and that with each name of its query. */
export function kindsOf(path: string): string[] {
  const { url, params } = routeOf(path);
  const screen = url.replace(/:(feature|model)\b/g, (whole, name) => params[name] ?? whole);
  const names = new URL(path, "http://localhost").searchParams.keys();
  return [screen, ...[...new Set(names)].map((name) => `${screen}?${name}`)];
}

export interface Field {
  name: string;
  type: string;
  value: string;
  /** Whether it is sent where nobody touches the form: not so a box that is not ticked. */
  sent: boolean;
}

/** What one button of a form sends. */
export interface Submission {
  /** The page that it is on. */
  page: string;
  method: "GET" | "POST";
  action: string;
  enctype: string;
  fields: Field[];
}

const TYPED = /^(text|textarea|search|email|url|tel|number|password|date|datetime-local)$/;

/** Whether it is typed what a field holds. */
export const isTyped = ({ type }: Pick<Field, "type">) => TYPED.test(type);

/** The headers and the body of a form, encoded as it says. */
export function encoded(
  enctype: string,
  parts: Parameters<typeof multipart>[0],
  headers: Record<string, string> = {},
) {
  const { headers: type, body } = enctype.startsWith("multipart")
    ? multipart(parts)
    : {
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        body: Buffer.from(
          new URLSearchParams(parts.map(([name, content]) => [name, String(content)])).toString(),
        ),
      };
  return { headers: { ...type, ...headers }, body };
}

/** What the buttons of a page's forms send; of a form without a button what Enter sends. */
export function formsOf(elements: Element[], page: string): Submission[] {
  return elements
    .filter(({ tag }) => tag === "form")
    .flatMap((form) => {
      const isIts = ({ is, within }: Element) => (is.form ? is.form === form.is.id : within.includes(form));
      const its = elements.filter((element) => isIts(element) && element.is.disabled === undefined);
      const buttons = its.filter(({ tag, is }) => tag === "button" && (is.type ?? "submit") === "submit");
      const fields = its.flatMap((element) => fieldOf(element, elements));
      return (buttons.length > 0 ? buttons : [undefined]).map((button) => {
        const say = (name: string, otherwise: string) =>
          button?.is[`form${name}`] ?? form.is[name] ?? otherwise;
        const { name = "", value = "" } = button?.is ?? {};
        const { pathname, search } = new URL(say("action", page), `http://localhost${page}`);
        return {
          page,
          method: say("method", "get").toUpperCase() as "GET" | "POST",
          action: pathname + search,
          enctype: say("enctype", "application/x-www-form-urlencoded"),
          fields: name ? [...fields, { name, type: "submit", value, sent: true }] : fields,
        };
      });
    });
}

/** What a control sends; nothing where it is none. */
function fieldOf({ tag, is, text }: Element, elements: Element[]): Field[] {
  const { name, value } = is;
  if (!name) return [];
  if (tag === "textarea") return [{ name, type: tag, value: text, sent: true }];
  if (tag === "input") {
    const { type = "text" } = is;
    const ticked = /^(checkbox|radio)$/.test(type);
    return [{ name, type, value: value ?? (ticked ? "on" : ""), sent: !ticked || is.checked !== undefined }];
  }
  if (tag !== "select") return [];
  const options = elements.filter(
    (option) => option.tag === "option" && option.within.some((select) => select.is === is),
  );
  const chosen = options.find((option) => option.is.selected !== undefined) ?? options[0];
  return [{ name, type: tag, value: chosen?.is.value ?? chosen?.text ?? "", sent: true }];
}
