/** A terminal as a reader of the guide has it: Bash, with what was set before still set. */
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What Ctrl+C sends. */
const INTERRUPT = "\u0003";
/** Milliseconds that one step at a terminal may take on a busy machine. */
const PATIENCE = 90_000;
/** Bash says nothing by itself, and what is typed is shown by what asks for it alone. */
const QUIET = "unset HISTFILE; PS1= PS2=; stty -echo";

export type Answers = [question: string, answer: string][];

export interface Terminal {
  /**
   * Runs commands to their end, and types each answer when its question has come.
   *
   * @returns what they wrote, and the exit code of the last.
   */
  run(commands: string, answers?: Answers): Promise<{ output: string; code: number }>;
  /** Runs a program that does not end by itself; resolves with the match once it has written that. */
  begin(command: string, ready: RegExp): Promise<RegExpMatchArray>;
  /** Resolves with the match once something has been written that matches since the program was begun. */
  said(pattern: RegExp): Promise<RegExpMatchArray>;
  /** What has been written since something was last run or begun. */
  output(): string;
  /** Sends Ctrl+C, and resolves when what ran has ended. */
  interrupt(): Promise<void>;
  /** Resolves when what was begun has ended. */
  ended(): Promise<void>;
  /** Closes it, and resolves when it has ended. */
  close(): Promise<unknown>;
}

const open = new Set<Terminal>();
process.on("exit", () => {
  for (const terminal of open) terminal.close();
});

/** Opens a terminal in a folder. What is still running in it ends when it is closed. */
export function openTerminal(cwd: string, env: Record<string, string>): Terminal {
  const shell = "bash --norc --noprofile --noediting";
  const args =
    process.platform === "darwin" ? ["-q", "/dev/null", ...shell.split(" ")] : ["-qec", shell, "/dev/null"];
  const child = spawn("script", args, {
    cwd,
    env: { PATH: process.env.PATH, TERM: "xterm", NO_COLOR: "1", ...env } as unknown as NodeJS.ProcessEnv,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const scripts = mkdtempSync(join(env.TMPDIR ?? tmpdir(), "typed-"));
  let shown = "";
  let count = 0;
  let from = 0;
  const waiting = new Set<() => void>();
  const closed = new Promise((resolve) => child.on("exit", resolve));
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    shown += chunk.replaceAll("\r", "");
    for (const look of waiting) look();
  });
  const said = (pattern: RegExp) =>
    new Promise<RegExpMatchArray>((resolve, reject) => {
      const start = from;
      const look = () => {
        const match = shown.slice(start).match(pattern);
        if (!match) return;
        waiting.delete(look);
        resolve(match);
      };
      waiting.add(look);
      look();
      const fail = (what: string) => reject(new Error(`${what} before ${pattern}:\n${shown.slice(start)}`));
      closed.then(() => fail("The terminal was closed"));
      setTimeout(() => fail(`${PATIENCE / 1_000} seconds went by`), PATIENCE).unref();
    });
  /** Types commands, and says by what they will be known to have ended. */
  const type = (commands: string) => {
    const file = join(scripts, `${count}.sh`);
    writeFileSync(file, `${commands}\n`);
    from = shown.length;
    child.stdin.write(`. ${file}; ${end()}`);
  };
  /** Has Bash say that it comes to this. */
  const end = () => `echo "<${++count} ended $?>"\n`;
  const hasEnded = () => said(new RegExp(`<${count} ended (\\d+)>\n`));
  const terminal: Terminal = {
    said,
    output: () => shown.slice(from),
    async run(commands, answers = []) {
      type(commands);
      let read = from;
      const left = [...answers];
      const answer = () => {
        const [next] = left;
        if (!next || shown.indexOf(next[0], read) < 0) return;
        read = shown.length;
        left.shift();
        // A question is drawn a moment before it listens.
        setTimeout(() => child.stdin.write(`${next[1]}\r`), 300);
      };
      waiting.add(answer);
      const { input = "", index, 1: code } = await hasEnded();
      waiting.delete(answer);
      if (left.length > 0) throw new Error(`Nothing asked for “${left[0]![0]}”:\n${shown.slice(from)}`);
      return { output: input.slice(0, index), code: Number(code) };
    },
    begin(command, ready) {
      type(command);
      return said(ready);
    },
    async interrupt() {
      child.stdin.write(INTERRUPT);
      // What is read from a file is broken off with what ran; Bash itself goes on.
      child.stdin.write(end());
      await hasEnded();
    },
    async ended() {
      await hasEnded();
    },
    close() {
      open.delete(terminal);
      child.kill("SIGKILL");
      return closed;
    },
  };
  open.add(terminal);
  child.stdin.write(`${QUIET}\n`);
  return terminal;
}
