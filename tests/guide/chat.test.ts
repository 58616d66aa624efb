import type { Page } from "playwright-core";
import { expect } from "vitest";
import { button, guide, link, setUp, shows } from "../helpers/guide";
import { describeWithRedis } from "../helpers/redis-server";
import type { Terminal } from "../helpers/terminal";

const message = (page: Page, text: string) =>
  page.getByRole("log").getByRole("listitem").filter({ hasText: text }).last();

/** Without JavaScript one writes on a page that is not loaded anew meanwhile. */
async function write(page: Page, text: string, scripted: boolean, name?: string) {
  if (!scripted) await link(page, "Write a message").click();
  if (name !== undefined) await page.getByLabel("Your name").fill(name);
  await page.getByRole("textbox", { name: "Message" }).fill(text);
  await button(page, "Send").click();
}

/** What one program printed, a frame a line. */
const frames = (output: string) =>
  output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** The tab on the second server, and the terminals of that server and of Redis. */
let far: Page;
let second: Terminal;
let redis: Terminal;

describeWithRedis("with a Redis", () => {
  guide("chat", {
    1: async ({ page, other, start }, line, address, connected) => {
      await start(line);
      for (const tab of [page, other]) {
        await tab.goto(address);
        await shows(tab, connected);
      }
    },
    2: async ({ page, scripted }, text, name, more) => {
      const tab = await page.context().newPage();
      await tab.goto("/chat");
      const before = await page.getByRole("log").getByText(text).count();
      await write(tab, text, scripted, name);
      await message(tab, text).waitFor();
      if (!scripted) await link(page, "Refresh").click();
      await expect.poll(() => page.getByRole("log").getByText(text).count()).toBe(before + 1);
      await tab.close();
      await write(page, more, scripted);
      await message(page, more).waitFor();
      // The message comes over the WebSocket, and may be there before the form has its answer, which empties it.
      const field = page.getByRole("textbox", { name: "Message" });
      if (scripted) await expect.poll(() => field.inputValue()).toBe("");
    },
    3: async ({ page, stop, start, sees }, text, waiting) => {
      await stop();
      await write(page, text, true);
      await sees(waiting);
      await start();
      await page.getByText(waiting).waitFor({ state: "detached", timeout: 40_000 });
      await message(page, text).getByText("Sent", { exact: true }).waitFor();
      await page.reload();
      expect(await page.getByRole("log").getByText(text).count()).toBe(1);
    },
    4: async ({ withoutJavaScript }) => {
      await withoutJavaScript("/chat", 2, 2);
    },
    5: async (walk, address, name, path) => {
      const { page, other, sees } = walk;
      await setUp(walk);
      await page.goto(address);
      await page.getByLabel("Name").fill(name);
      await page.getByLabel("Members only").check();
      await button(page, "Save").click();
      await sees("Added the room “back-office”.");
      expect((await other.goto(path))?.status()).toBe(404);
      await page.goto("/chat/general");
      await sees("Connected");
    },
    6: async ({ page, run }, commands) => {
      const [said, ...more] = frames(await run(commands));
      expect(said).toMatchObject({ type: "message", user: null, username: "node", text: "Hello" });
      expect(said!.seq).toEqual(expect.any(Number));
      expect(more).toEqual([]);
      await message(page, "Hello").waitFor();
    },
    7: async ({ page, run }, field, commands) => {
      const answers = frames(await run(commands));
      const [said, ...others] = answers.filter(({ type }) => type === "message");
      expect(said).toMatchObject({ text: "Once", [field]: "once-0001" });
      expect(others).toEqual([]);
      const ack = { type: "ack", [field]: "once-0001", seq: said!.seq };
      expect(answers.filter(({ type }) => type === "ack")).toEqual([ack, ack]);
      await message(page, "Once").waitFor();
      expect(await page.getByRole("log").getByText("Once", { exact: true }).count()).toBe(1);
    },
    8: async ({ page, run }, commands) => {
      const answers = frames(await run(commands));
      expect(answers.filter(({ type }) => type === "error").map(({ code, error }) => [code, error])).toEqual([
        ["invalid", "That is not JSON"],
        ["invalid", 'Send an object like {"username": "Ada", "text": "Hello"}'],
        ["invalid", "text must be text"],
        ["invalid", "Enter a message"],
        ["invalid", "read must be 0 or more"],
      ]);
      expect(answers.at(-1)).toMatchObject({ type: "message", text: "Nothing broke" });
      await message(page, "Nothing broke").waitFor();
    },
    9: async ({ stop, openTerminal }, commands) => {
      await stop();
      redis = openTerminal();
      // Where it is not on the path, the tests know where it is.
      await redis.begin(
        commands.replace("redis-server", process.env.REDIS_SERVER!),
        /Ready to accept connections/,
      );
    },
    10: async ({ page, start, openTerminal }, line, secondLine, address, secondAddress) => {
      await start(line);
      second = openTerminal();
      await second.begin(secondLine, /listens on http/);
      await page.goto(address);
      far = await page.context().newPage();
      await far.goto(secondAddress);
      for (const tab of [page, far]) await shows(tab, "Connected");
      await write(page, "From the first", true);
      await message(far, "From the first").waitFor();
      await write(far, "From the second", true);
      await message(page, "From the second").waitFor();
    },
    11: async ({ page }, text) => {
      await redis.interrupt();
      await write(page, text, true);
      await message(far, text).waitFor();
      await far.close();
    },
    12: async ({ run, stop, badInput }, remove) => {
      await second.interrupt();
      await badInput();
      await stop();
      await run(remove);
    },
  });
});
