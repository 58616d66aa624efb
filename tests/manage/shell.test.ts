import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LONG, manage } from "./processes";

/** What the source calls its models, as classes are called: chat_message is ChatMessage. */
const classes = readdirSync("models")
  .flatMap((file) => (file.endsWith(".ts") ? [readFileSync(`models/${file}`, "utf8")] : []))
  .flatMap((source) => [...source.matchAll(/^ +modelName: "(\w+)"/gm)].map(([, name]) => name!))
  .map((name) => name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase()));

const shell = (...lines: string[]) => manage(["shell"], { input: `${lines.join("\n")}\n` });

describe("shell", { timeout: LONG }, () => {
  test("knows every model by its name", async () => {
    expect(classes).not.toEqual([]);
    expect(await shell(...classes.map((name) => `await ${name}.count()`))).toEqual({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^(\\d+\n){${classes.length}}$`)),
      stderr: "",
    });
  });

  test("runs what is piped line after line: each is awaited before the next, and keeps what it declares", async () => {
    const answer = await shell(
      "const wait = (ms) => new Promise((done) => setTimeout(done, ms))",
      "await wait(300); console.log('first')",
      "console.log('second')",
      "const rows = await transaction((transaction) => sequelize.query('SELECT 7 AS n', { transaction }))",
      "function twice(n) {",
      "  return 2 * n",
      "}",
      "twice(rows[0][0].n)",
    );
    expect(answer).toEqual({ code: 0, stdout: "first\nsecond\n14\n", stderr: "" });
  });

  test("writes are there afterwards", async () => {
    const { stdout } = await shell(
      "await sequelize.query('CREATE TABLE from_shell (n INTEGER)')",
      "await sequelize.query('INSERT INTO from_shell VALUES (41)')",
    );
    expect(stdout).not.toContain("Uncaught");
    const { sequelize } = await import("#models/database.server");
    const [rows] = await sequelize.query("SELECT n FROM from_shell");
    await sequelize.query("DROP TABLE from_shell");
    expect(rows).toEqual([{ n: 41 }]);
  });

  test("an error in what is piped is shown, and makes the exit code 1", async () => {
    const lines = [
      "await nope()",
      "null.x",
      "await sequelize.query('SELEKT 1')",
      "throw new Error('on purpose')",
    ];
    for (const { code, stdout } of await Promise.all(lines.map((line) => shell(line)))) {
      expect(code).toBe(1);
      expect(stdout).toContain("Uncaught");
    }
  });
});
