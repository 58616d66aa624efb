import type { Page } from "playwright-core";
import { expect } from "vitest";
import { button, guide, link, setUp } from "../helpers/guide";
import type { Terminal } from "../helpers/terminal";

/** The terminal of the worker, and the line that starts it. */
let worker: Terminal;
let startsWorker: string;
const READY = /Running jobs\. Ctrl\+C ends it\./;

/** The counts that `manage jobs` begins with. */
const counts = (said: string) =>
  Object.fromEntries(
    [...said.matchAll(/(\d+) (queued|running|done|failed)/g)].map(([, n, state]) => [state, Number(n)]),
  );

async function askForLink(page: Page, address: string) {
  await page.goto(address);
  await page.getByLabel("Email").fill("boss@example.com");
  await button(page, "Send the link").click();
}

const openWaiting = async (page: Page) => {
  await page.goto("/admin/jobs/job?status=queued");
  await link(page, "mail-reset-links").click();
};

guide("jobs", {
  1: async (walk, line, email, address) => {
    const { page, start } = walk;
    await start(line);
    await setUp(walk, email);
    for (const name of ["sweep-jobs", "sweep-trash", "sweep-sessions"])
      await expect
        .poll(async () => {
          await page.goto(address);
          return page.getByRole("row").filter({ hasText: name }).filter({ hasText: "done" }).count();
        })
        .toBe(1);
  },
  2: async ({ page, sees }, done, name) => {
    await page.getByLabel("Status").selectOption(done);
    await button(page, "Apply").click();
    await page.waitForURL(/status=done/);
    await link(page, name).click();
    await sees("Payload {}", "Attempts 1", "Asked for at", "Finished at");
  },
  3: async ({ page, stop, start, sees }, line, address, said) => {
    await stop();
    await start(line);
    await askForLink(page, address);
    await sees(said);
  },
  4: async ({ run }, commands) => {
    const said = await run(commands);
    expect(counts(said)).toMatchObject({ queued: 1, running: 0 });
    expect(said).toContain("mail-reset-links");
  },
  5: async ({ page, run, openTerminal }, line, address, commands) => {
    worker = openTerminal();
    startsWorker = line;
    await worker.begin(line, READY);
    await expect
      .poll(async () => {
        await page.goto(address);
        return page
          .getByRole("row")
          .filter({ hasText: "A new password for boss" })
          .filter({ hasText: "kept" })
          .count();
      })
      .toBe(1);
    await worker.interrupt();
    const said = await run(commands);
    expect(counts(said)).toMatchObject({ queued: 0, running: 0 });
    expect(said).toMatch(/mail-reset-links.*1 of 5/);
    expect(said).toMatch(/send-mail.*1 of 100/);
  },
  6: async ({ page, sees }) => {
    await askForLink(page, "/accounts/password_reset");
    await sees("is on its way");
    await openWaiting(page);
    await button(page, "Discard").click();
    await sees("Changed 1 job.");
    await page.goto("/admin/jobs/job?status=discarded");
    await link(page, "mail-reset-links").click();
    await button(page, "Retry").click();
    await sees("Changed 1 job.");
    await openWaiting(page);
    await button(page, "Discard").waitFor();
  },
  7: async ({ run }, commands) => {
    expect(await run(commands)).toBe("100\n");
  },
  8: async ({ run }, commands) => {
    await worker.begin(startsWorker, READY);
    await worker.interrupt();
    const held = counts(await run(commands));
    expect(held.running).toBe(0);
    expect(held.failed).toBe(0);
    await worker.begin(startsWorker, READY);
    await expect
      .poll(async () => counts(await run(commands)), { timeout: 60_000 })
      .toMatchObject({ queued: 0, running: 0 });
    const { done = 0 } = counts(await run(commands));
    expect(done).toBeGreaterThan(100);
  },
  9: async ({ run }, commands) => {
    const [failed = "", queued = ""] = (await run(commands))
      .replace(/^2\n/, "")
      .split(/(?=^\d+ queued.*\n)/m);
    expect(failed).toMatch(/send-mail.*1 of 5.*The payload does not fit/);
    expect(counts(failed).failed).toBe(1);
    expect(queued).toMatch(/not-known.*0 of 5/);
  },
  10: async ({ run }, commands) => {
    await worker.interrupt();
    const said = await run(commands);
    expect(said).toContain("Queued 1 job again.");
    expect(said).toContain("--state takes one of: queued, running, done, failed, discarded.");
    expect(said).toContain("Job 4711 is not there, or has not failed.");
    expect(said).toContain("--retry takes an id, or all.");
    expect(said.match(/exit code 1$/gm)).toHaveLength(3);
  },
  11: async ({ run, stop }, unset, remove) => {
    await stop();
    await run(`${unset}\n${remove}`);
  },
});
