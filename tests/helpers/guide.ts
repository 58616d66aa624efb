/** Walks a page of docs/guide: every step of it, in a browser and at terminals, in a folder of the project's own. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { LEFT } from "../../bin/copy";
import { inBrowser } from "./browser";
import { PORTS, readGuide, wordsOf } from "./guide-page";
import { PASSWORD } from "./server";
import { type Answers, openTerminal, type Terminal } from "./terminal";

/** Milliseconds that the whole walk may take on a busy machine. */
const WALK = 300_000;

/** Puts a server's clock ahead. */
const LATER = new URL("later.js", import.meta.url).href;

/** What `npm start` and `npm run manage` do, by what is built already. */
const NPM = `#!/bin/sh
case "$1 $2" in
  "start "*) NODE_ENV=production exec node build/server.js ;;
  "run manage") shift 2; [ "$1" = -- ] && shift; exec node build/manage.js "$@" ;;
  *) echo "The guide's tests know no npm $*" >&2; exit 1 ;;
esac
`;

export interface Walk {
  page: Page;
  /** A page in a browser of its own, signed in as nobody. */
  other: Page;
  /** Whether the page runs JavaScript. */
  scripted: boolean;
  /** The project's folder: a checkout whose data is of this walk alone. */
  folder: string;
  /** The terminal that the server runs in. */
  server: Terminal;
  /** Starts the server by a line like `DATABASE_URL=… npm start`, or as it was started before; resolves when it listens. */
  start(line?: string): Promise<void>;
  /** Stops the server with Ctrl+C. */
  stop(): Promise<void>;
  /** Puts the server's clock ahead: what a reader waits for is there. */
  later(seconds: number): Promise<void>;
  /** Runs commands in the second terminal. @returns what they wrote. */
  run(commands: string, answers?: Answers): Promise<string>;
  /** Opens one more terminal. */
  openTerminal(): Terminal;
  /** Waits until the page shows these texts. */
  sees(...texts: string[]): Promise<void>;
  /** Takes steps again with JavaScript switched off, from a page on and signed in as before. */
  withoutJavaScript(address: string, first: number, last: number): Promise<void>;
  /** Runs every row of "Bad input, and what happens", and holds it against its answer. */
  badInput(): Promise<void>;
}

/** What does a step. It takes what the step quotes, types, opens and runs, each once and in its order. */
type Step = (walk: Walk, ...words: string[]) => Promise<void>;

/** Declares the test of docs/guide/<name>.md: one function for each of its steps, by number. */
export function guide(name: string, steps: Record<number, Step>) {
  const file = `docs/guide/${name}.md`;

  it(`${file} has the steps that are tested, with as many words and commands each`, () => {
    const found = [...readGuide(file).steps].map(([number, words]) => [number, words.length, words]);
    const tested = Object.entries(steps).map(([number, step]) => [
      Number(number),
      Math.max(step.length - 1, 0),
    ]);
    expect(
      found.map(([number, count, words]) =>
        JSON.stringify(tested.find(([known]) => known === number)) === JSON.stringify([number, count])
          ? number
          : { number, words },
      ),
    ).toEqual(tested.map(([number]) => number));
  });

  inBrowser(
    `${file}, step by step,`,
    (open) => {
      it("does what it says", { timeout: WALK }, () =>
        open({}, (visit) => open({}, (other) => walk(visit, other.page))),
      );

      async function walk({ page, server: project }: { page: Page; server: Project }, other: Page) {
        const guide = readGuide(file, project.ports);
        const later = join(project.folder, "tmp/later");
        const server = project.openTerminal({ NODE_OPTIONS: `--import ${LATER}`, LATER: later });
        const terminal = project.openTerminal();
        let line = "";
        let ahead = 0;
        let refused = guide.rows.length === 0;

        const take = async (walk: Walk, number: number) => {
          try {
            await steps[number]!(walk, ...guide.steps.get(number)!);
          } catch (error) {
            (error as Error).message = `Step ${number} of ${file}: ${(error as Error).message}`;
            throw error;
          }
        };
        const run = async (commands: string, answers?: Answers) =>
          (await terminal.run(commands, answers)).output;

        const here: Walk = {
          page,
          other,
          scripted: true,
          folder: project.folder,
          server,
          run,
          openTerminal: project.openTerminal,
          async start(given = line) {
            line = given;
            ahead = 0;
            await server.begin(line, /listens on http/);
          },
          stop: server.interrupt,
          async later(seconds) {
            writeFileSync(later, String(seconds));
            ahead += seconds * 1_000;
            await run(`kill -USR2 $(lsof -t -i :${project.ports[0]} -s tcp:listen)`);
            await server.said(new RegExp(`later, at ${ahead}\n`));
          },
          sees: (...texts) => shows(page, ...texts),
          withoutJavaScript: async (address, first, last) => {
            const cookies = await page.context().cookies();
            await open({ javaScriptEnabled: false }, async ({ page: plain }) => {
              await plain.context().addCookies(cookies);
              await plain.goto(address);
              const walk: Walk = {
                ...here,
                page: plain,
                scripted: false,
                sees: (...texts) => shows(plain, ...texts),
              };
              for (let number = first; number <= last; number++) await take(walk, number);
              // It is the same browser: who has signed in or out has done so for good.
              await page.context().clearCookies();
              await page.context().addCookies(await plain.context().cookies());
            });
          },
          async badInput() {
            refused = true;
            for (const commands of guide.preparations) await run(commands);
            await run(KEEPS_ANSWERS);
            const wrong = [];
            for (const { command, answer } of guide.rows) {
              const lacking = await holdAgainst(answer, command, run, project.folder);
              if (lacking.length > 0) wrong.push({ command, answer, lacking });
            }
            await run("unset -f curl");
            expect(wrong, "rows of the table whose answer is another").toEqual([]);
          },
        };
        for (const number of guide.steps.keys()) await take(here, number);
        expect(refused, "the table of bad input was tried").toBe(true);
        const left = readdirSync(join(project.folder, "data")).filter((name) => name !== "session-secret");
        expect(left, "what the guide leaves behind").toEqual([]);
      }
    },
    makeProject,
  );
}

/** Waits until a page shows texts, wherever a line of them breaks. */
export async function shows(page: Page, ...texts: string[]) {
  for (const text of texts)
    await expect
      .poll(async () => (await page.locator("body").innerText()).replace(/\s+/g, " "), {
        message: page.url(),
      })
      .toContain(text.replace(/^… ?/, ""));
}

/** Makes oneself the first superuser by the link that the server has printed at its start. */
export async function setUp({ page, server }: Walk, email = "", username = "boss", password = PASSWORD) {
  const [path] = await server.said(/\/accounts\/setup\/[\w-]+/);
  await page.goto(path);
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.getByLabel("New password again").fill(password);
  await button(page, "Create superuser").click();
  await shows(page, "The house is yours.");
}

export const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
export const link = (page: Page, name: string) => page.getByRole("link", { name, exact: true });

/** Has `curl` keep the body that it is told to drop, and the headers. */
const KEEPS_ANSWERS = `curl() {
  local arg args=()
  for arg in "$@"; do [ "$arg" = /dev/null ] && arg=$TMPDIR/body; args+=("$arg"); done
  command curl -D "$TMPDIR/headers" "\${args[@]}"
}`;

/** Runs a row's command. @returns what its answer lacks of what the guide says of it. */
async function holdAgainst(
  answer: string,
  command: string,
  run: (commands: string) => Promise<string>,
  folder: string,
): Promise<string[]> {
  const read = (name: string) => readFileSync(join(folder, "tmp", name), "utf8");
  for (const name of ["body", "headers"]) writeFileSync(join(folder, "tmp", name), "");
  const [status = "a status"] = answer.match(/^\d{3}/) ?? [];
  const output = command ? await run(command) : "no command";
  const statuses = output.match(/(?<=^| )\d{3}\b/gm) ?? [];
  if (statuses.length === 0 || statuses.some((found) => found !== status)) return [status, output];
  const headers = read("headers");
  const [, location = ""] = headers.match(/^location: (.*?)\r?$/im) ?? [];
  let text = textOf(read("body")) + textOf(output);
  if (location && status !== "302") {
    // The message travels with the redirect, in a cookie.
    const [, jar = "/dev/null"] = command.match(/-b (\$\w+)/) ?? [];
    const cookies = [...headers.matchAll(/^set-cookie: ([^;]+)/gim)].map(([, cookie]) => cookie).join("; ");
    const { pathname, search } = new URL(location, "http://localhost");
    text += textOf(await run(`command curl -s -b "${jar}" -b '${cookies}' "$site${pathname}${search}"`));
  }
  return wordsOf(answer).filter((word) => {
    if (answer.includes(`"${word}`)) return !text.includes(word.replace(/^… ?/, ""));
    if (/^[A-Z][\w-]*: /.test(word)) return !headers.toLowerCase().includes(word.toLowerCase());
    return word.startsWith("/") && location !== word;
  });
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'" };

/** What a page says, without its markup. */
const textOf = (html: string) =>
  html
    .replace(/<(script|style)\b.*?<\/\1>|<[^>]*>/gs, "")
    .replace(/&([#\w]+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replace(/\s+/g, " ");

interface Project {
  url: string;
  /** Instead of the ports that the guide speaks of. */
  ports: number[];
  folder: string;
  openTerminal(env?: Record<string, string>): Terminal;
  stop(): Promise<void>;
}

/** A checkout that shares everything but its data, for a server on a free port. */
async function makeProject(): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), "tenfold-guide-"));
  for (const name of readdirSync("."))
    if (name === "build" || name === "node_modules" || !LEFT.includes(name))
      symlinkSync(resolve(name), join(folder, name));
  for (const name of ["bin-of-npm", "tmp"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "bin-of-npm/npm"), NPM, { mode: 0o755 });
  const ports = await Promise.all(PORTS.map(freePort));
  const terminals: Terminal[] = [];
  return {
    url: `http://localhost:${ports[0]}`,
    ports,
    folder,
    openTerminal(env = {}) {
      const terminal = openTerminal(folder, {
        PATH: `${join(folder, "bin-of-npm")}:${process.env.PATH}`,
        HOME: folder,
        TMPDIR: join(folder, "tmp"),
        PORT: String(ports[0]),
        ...env,
      });
      terminals.push(terminal);
      return terminal;
    },
    async stop() {
      await Promise.all(terminals.map((terminal) => terminal.close()));
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A port that nothing listens on, of those that no connection is given by itself. */
const freePort = () =>
  new Promise<number>((resolve) => {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const server = createServer()
      .on("error", () => resolve(freePort()))
      .listen(port, "127.0.0.1", () => server.close(() => resolve(port)));
  });
