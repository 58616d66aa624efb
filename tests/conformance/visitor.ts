/** A browser without JavaScript: it keeps cookies, follows links and redirects, and sends forms as they stand in pages. */
import { CookieJar, JSDOM } from "jsdom";

/** What is entered into fields, by their names. Of those to tick, the values of the ones that are to be ticked. */
type Entries = Record<string, string | string[] | File>;

const { window } = new JSDOM();

const MOST_REDIRECTS = 10;

export class Visitor {
  readonly #cookies = new CookieJar();

  /** @param site the address of the home page. */
  constructor(readonly site: string) {}

  /** Its cookies as headers that set them: whoever has them is the same to the site. */
  get cookies(): string[] {
    return this.#cookies.getSetCookieStringsSync(this.site);
  }

  /** Takes such headers, as if `url` had answered with them. */
  take(cookies: string[], url = this.site) {
    for (const cookie of cookies) this.#cookies.setCookieSync(cookie, url);
  }

  /** Opens what an address leads to. */
  open(path: string): Promise<Page> {
    return this.request(new URL(path, this.site));
  }

  async signIn(username: string, password: string): Promise<Page> {
    const login = await this.open("/accounts/login");
    return login.press("Sign in", { username, password });
  }

  /** One request, and those that its redirects lead to. */
  async request(url: URL, init: RequestInit = {}, redirects: number[] = []): Promise<Page> {
    const headers = { ...init.headers, Cookie: this.#cookies.getCookieStringSync(url.href) };
    const answer = await fetch(url, { ...init, headers, redirect: "manual" });
    this.take(answer.headers.getSetCookie(), url.href);
    const to = answer.headers.get("Location");
    if (to === null) return new Page(this, url, answer, Buffer.from(await answer.arrayBuffer()), redirects);
    if (redirects.length === MOST_REDIRECTS) throw new Error(`${url} goes on being redirected`);
    await answer.body?.cancel();
    return this.request(new URL(to, url), {}, [...redirects, answer.status]);
  }
}

/** A part of a page, as a person takes it in. */
class Part {
  constructor(
    readonly visitor: Visitor,
    /** Of the page. */
    readonly url: URL,
    readonly element: Element,
  ) {}

  /** Its words, each gap between them one space. */
  get text(): string {
    return textOf(this.element);
  }

  /** What a CSS selector finds first. */
  find(selector: string): Part {
    const found = this.element.querySelector(selector);
    if (!found) throw new Error(`${this.url} has no ${selector}: ${this.text}`);
    return new Part(this.visitor, this.url, found);
  }

  /** The rows of lists and tables; with a text those that hold it. */
  rows(text = ""): Part[] {
    return [...this.element.querySelectorAll("li, tbody tr")]
      .filter((row) => textOf(row).includes(text))
      .map((row) => new Part(this.visitor, this.url, row));
  }

  /** The one row that holds a text. */
  row(text: string): Part {
    return one(this.rows(text), `row with “${text}”`, this);
  }

  /** Whether a link of that name is there. */
  hasLink(name: string): boolean {
    return this.#named("a[href]", name).length > 0;
  }

  /** Where the link of that name leads; without a name the only one. */
  linkTo(name?: string): URL {
    const link = one(this.#named("a[href]", name), `link “${name ?? ""}”`, this);
    return new URL(link.getAttribute("href")!, this.url);
  }

  /** Clicks it. */
  follow(name?: string): Promise<Page> {
    return this.visitor.request(this.linkTo(name));
  }

  /** The button of that name. */
  button(name: string): HTMLButtonElement {
    return one(this.#named<HTMLButtonElement>("button", name), `button “${name}”`, this);
  }

  /** Fills in the form of a button, and presses it. */
  async press(name: string, entries: Entries = {}): Promise<Page> {
    const button = this.button(name);
    const form = button.form;
    if (!form) throw new Error(`The button “${name}” of ${this.url} is in no form`);
    fillIn(form, entries);
    const fields = [...new window.FormData(form, button)].map(([field, value]): [string, string | File] => {
      const chosen = entries[field];
      if (chosen instanceof File) return [field, chosen];
      // A browser sends a file without name and bytes where none was chosen.
      return [field, typeof value === "string" ? value : new File([], "")];
    });
    const action = button.getAttribute("formaction") ?? form.getAttribute("action");
    const url = new URL(action || this.url, this.url);
    if (form.method === "get") {
      url.search = queryOf(fields).toString();
      return this.visitor.request(url);
    }
    const body = form.enctype === "multipart/form-data" ? multipartOf(fields) : queryOf(fields);
    return this.visitor.request(url, { method: "POST", body, headers: { Origin: this.url.origin } });
  }

  #named<E extends Element = Element>(selector: string, name?: string): E[] {
    return [...this.element.querySelectorAll<E>(selector)].filter(
      (element) => !element.closest("[aria-hidden=true]") && (name === undefined || nameOf(element) === name),
    );
  }
}

/** A page, or whatever else was answered. */
export class Page extends Part {
  readonly status: number;
  readonly headers: Headers;

  constructor(
    visitor: Visitor,
    url: URL,
    answer: Response,
    readonly bytes: Buffer,
    /** The statuses of the answers that led here. */
    readonly redirects: number[],
  ) {
    const isPage = /^text\/html\b/.test(answer.headers.get("Content-Type") ?? "");
    const { body } = new window.DOMParser().parseFromString(isPage ? bytes.toString() : "", "text/html");
    for (const unseen of body.querySelectorAll("script, style, template")) unseen.remove();
    super(visitor, url, body);
    this.status = answer.status;
    this.headers = answer.headers;
  }

  get path(): string {
    return this.url.pathname;
  }

  /** What is told once, at the top of the page. */
  get message(): string {
    return this.find("main [role=status]").text;
  }
}

const textOf = (element: Element) => (element.textContent ?? "").replace(/\s+/g, " ").trim();

/** What a link or a button is called: by its own words, else by those of its label. */
const nameOf = (element: Element) =>
  element.getAttribute("aria-label") ?? (textOf(element) || textOf(element.closest("label") ?? element));

function one<T>(found: T[], what: string, where: Part): T {
  if (found.length === 1) return found[0]!;
  throw new Error(`${where.url} has ${found.length || "no"} ${what}: ${where.text}`);
}

function fillIn(form: HTMLFormElement, entries: Entries) {
  const controls = [...form.elements] as HTMLInputElement[];
  for (const [name, value] of Object.entries(entries)) {
    const named = controls.filter((control) => control.name === name);
    if (named.length === 0) throw new Error(`The form has no field “${name}”`);
    if (value instanceof File) continue;
    for (const each of [value].flat()) {
      const tick = named.find((control) => /^(checkbox|radio)$/.test(control.type) && control.value === each);
      if (tick) {
        tick.checked = true;
        continue;
      }
      named[0]!.value = each;
      if (named[0]!.value !== each) throw new Error(`The field “${name}” does not take “${each}”`);
    }
  }
}

const queryOf = (fields: [string, string | File][]) =>
  new URLSearchParams(fields.map(([name, value]) => [name, value instanceof File ? value.name : value]));

function multipartOf(fields: [string, string | File][]): FormData {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  return form;
}
