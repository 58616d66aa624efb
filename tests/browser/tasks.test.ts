import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { heading, inBrowser, looksRight, said, signInTo, story, type Visit } from "../helpers/browser";
import { addPeople, post, type RunningServer, send, startServer } from "../helpers/server";
import { startWorker } from "../helpers/worker";

const row = (page: Page, title: string) => page.getByRole("listitem").filter({ hasText: title });
const titles = (page: Page) => page.locator("main li > span > a").allTextContents();
const dayFrom = (days: number) =>
  new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

/** Nothing runs jobs but what a test starts. */
async function withoutWorker() {
  const server = await startServer({ RUN_JOBS: "false" });
  await addPeople(server, "boss", "grace");
  return server;
}

/** Deletes every open task and adds these, the last on top, behind the browser's back. */
async function given(server: RunningServer, ...tasks: { title: string; due_on?: string }[]) {
  for (const show of ["open", "done"]) {
    const { body } = await send(server.port, { path: `/tasks?show=${show}` });
    for (const [, id] of body.matchAll(/id="task-(\d+)"/g)) await post(server, `/tasks/${id}/delete`);
  }
  for (const task of tasks) await post(server, "/tasks", task);
}

async function add({ page }: Visit, title: string) {
  await page.getByLabel("Task", { exact: true }).fill(title);
  await page.getByRole("button", { name: "Add" }).click();
}

inBrowser(
  "tasks",
  (open) => {
    story(open, "the tutorial's steps: add several, complete one, and again", async (visit) => {
      const { page, server } = visit;
      await given(server);
      await page.goto("/");
      await page.getByRole("link", { name: "Tasks" }).first().click();
      await heading(visit, "Tasks");
      for (const title of ["First", "Second", "Third"]) {
        await add(visit, title);
        await said(visit, `Added “${title}”.`);
      }
      expect(await titles(page)).toEqual(["Third", "Second", "First"]);
      expect(await page.getByLabel("Task", { exact: true }).inputValue()).toBe("");
      await row(page, "Second").getByRole("button", { name: "Complete" }).click();
      await said(visit, "Completed “Second”.");
      expect(await titles(page)).toEqual(["Third", "First"]);
      await page.getByRole("link", { name: "Done", exact: true }).click();
      await row(page, "Second").getByRole("button", { name: "Reopen" }).waitFor();
    });

    story(open, "a completed task shows how its notification gets on", async (visit) => {
      const { page, server, scripted } = visit;
      await given(server, { title: "Watched" });
      await page.goto("/tasks");
      await page.getByRole("link", { name: "Watched" }).click();
      await heading(visit, "Watched");
      await page.getByRole("button", { name: "Complete" }).click();
      await said(visit, "Completed “Watched”.");
      const step = (name: string) => page.locator('[aria-current="step"]').getByText(name).waitFor();
      await step("Queued");
      const worker = await startWorker(server);
      if (!scripted) {
        // It is done when another process has done it.
        const done = async () => (await send(server.port, { path: new URL(page.url()).pathname })).body;
        await expect.poll(done).toContain("was completed.");
        await page.reload();
      }
      await step("Done");
      await page.getByText("“Watched” was completed.").waitFor();
      // The page has loaded itself anew meanwhile, and says still what the person has done.
      if (scripted) await said(visit, "Completed “Watched”.");
      await worker.stop();
    });

    it("what was done is said although the notification gets on while its page is loaded", () =>
      open({}, async (visit) => {
        const { page, server } = visit;
        await given(server, { title: "Hasty" });
        await page.goto("/tasks");
        await page.getByRole("link", { name: "Hasty" }).click();
        await heading(visit, "Hasty");
        const { pathname: path } = new URL(page.url());
        const listens = page.waitForRequest(`**${path}/events`);
        await page.getByRole("button", { name: "Complete" }).click();
        await listens;
        let worker: Awaited<ReturnType<typeof startWorker>> | undefined;
        await page.route(`**${path}.data*`, async (route) => {
          if (worker) return route.continue();
          // The server has handed the message out; what the page does now is up to it.
          const response = await route.fetch();
          worker = await startWorker(server);
          const told = async () => (await send(server.port, { path })).body;
          await expect.poll(told).toContain("“Hasty” was completed.");
          await page.waitForTimeout(1_500);
          await route.fulfill({ response }).catch(() => {});
        });
        await page.locator(".head").getByRole("button", { name: "Reopen" }).click();
        await said(visit, "Reopened “Hasty”.");
        await worker?.stop();
        expect(worker).toBeDefined();
      }));

    story(open, "a task is given to somebody by a day, and is among theirs", async (visit) => {
      const { page, server } = visit;
      await given(server, { title: "Nobody's" });
      await signInTo(visit, "/tasks", "grace");
      await page.getByLabel("Assignee").selectOption({ label: "grace" });
      await page.getByLabel("Due").fill(dayFrom(-1));
      await add(visit, "Hers");
      await said(visit, "Added “Hers”.");
      await row(page, "Hers").getByText("For grace").waitFor();
      await row(page, "Hers").getByText("Overdue").waitFor();
      expect(await titles(page)).toEqual(["Hers", "Nobody's"]);
      await page.getByRole("link", { name: "Mine" }).click();
      await page.getByRole("link", { name: "Nobody's" }).waitFor({ state: "detached" });
      expect(await titles(page)).toEqual(["Hers"]);
    });

    story(open, "a form with mistakes says what is wrong and keeps what was typed", async (visit) => {
      const { page, server } = visit;
      await given(server);
      await page.goto("/tasks");
      await add(visit, "x".repeat(201));
      await page.getByRole("alert", { name: "There is a problem" }).waitFor();
      expect(await page.title()).toMatch(/^Error: /);
      expect(await page.getByLabel("Task", { exact: true }).inputValue()).toBe("x".repeat(201));
      await add(visit, "Shorter");
      await said(visit, "Added “Shorter”.");
      await page.getByRole("alert").waitFor({ state: "detached" });
      expect(await page.title()).toBe("Tasks · Tenfold");
      expect(await page.getByLabel("Task", { exact: true }).inputValue()).toBe("");
      await row(page, "Shorter").getByRole("link", { name: "Edit" }).click();
      await heading(visit, "Edit task");
      await page.getByLabel("Task", { exact: true }).fill("Changed");
      await page.getByRole("button", { name: "Save" }).click();
      await said(visit, "Saved “Changed”.");
      await row(page, "Changed").waitFor();
    });

    story(open, "two people who edit one task do not overwrite each other unseen", async (visit) => {
      const { page, server } = visit;
      await given(server, { title: "Shared" });
      await page.goto("/tasks");
      await row(page, "Shared").getByRole("link", { name: "Edit" }).click();
      await heading(visit, "Edit task");
      await page.getByLabel("Task", { exact: true }).fill("Mine");
      const { pathname } = new URL(page.url());
      await post(server, pathname, { title: "Theirs", due_on: "2026-03-01" });
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("alert").getByRole("link").click();
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("theirs");
      expect(await page.locator("#theirs dd").allTextContents()).toEqual(["Theirs", "2026-03-01"]);
      expect(await page.getByLabel("Task", { exact: true }).inputValue()).toBe("Mine");
      await page.getByRole("button", { name: "Save" }).click();
      await said(visit, "Saved “Mine”.");
    });

    story(open, "what is deleted comes back by Undo, and from the trash", async (visit) => {
      const { page, server } = visit;
      await given(server, { title: "a" }, { title: "b" });
      await page.goto("/tasks");
      await row(page, "b").getByRole("button", { name: "Delete" }).click();
      await said(visit, "Deleted “b”.");
      await page.getByRole("button", { name: "Undo" }).click();
      await said(visit, "Restored “b”.");
      expect(await titles(page)).toEqual(["b", "a"]);
      await row(page, "a").getByRole("button", { name: "Delete" }).click();
      await said(visit, "Deleted “a”.");
      await page.getByRole("link", { name: "Trash" }).click();
      await row(page, "a").first().getByRole("button", { name: "Restore" }).click();
      await said(visit, "Restored “a”.");
    });

    story(open, "the bell tells who is signed in, until they mark all as read", async (visit) => {
      const { page, server } = visit;
      await given(server, { title: "Rung" });
      const worker = await startWorker(server);
      await signInTo(visit, "/notifications");
      const mark = page.getByRole("button", { name: "Mark all as read" });
      if (await mark.isVisible()) await mark.click();
      await page.getByText("Nothing new").waitFor();
      await page.goto("/tasks");
      await row(page, "Rung").getByRole("button", { name: "Complete" }).click();
      await said(visit, "Completed “Rung”.");
      const told = async () => {
        await page.goto("/tasks");
        return page.getByRole("link", { name: /^Notifications/ }).getAttribute("aria-label");
      };
      await expect.poll(told).toBe("Notifications, 1 new");
      await worker.stop();
      await page.getByRole("link", { name: "Notifications, 1 new" }).click();
      await heading(visit, "Notifications");
      await page.getByText("“Rung” was completed by boss.").first().waitFor();
      await mark.click();
      await said(visit, "All are marked as read.");
      await page.getByRole("link", { name: "Notifications, none new" }).waitFor();
    });

    it("completes before the server has answered, and takes back what it refuses", () =>
      open({}, async (visit) => {
        const { page, server } = visit;
        await given(server, { title: "a" }, { title: "b" });
        await page.goto("/tasks", { waitUntil: "networkidle" });
        await given(server, { title: "other" });
        await row(page, "a").getByRole("button", { name: "Complete" }).click();
        await said(visit, "That is not here any more. Nothing was changed.");
        await row(page, "other").waitFor();
      }));

    const several = [
      { title: "Order bolts" },
      { title: "Sign the lease of the van", due_on: dayFrom(3) },
      {
        title: "Renew the certificate before it runs out, and tell everybody who depends on it",
        due_on: dayFrom(-2),
      },
    ];
    looksRight(open, "tasks", async (visit) => {
      await given(visit.server, ...several);
      await signInTo(visit, "/tasks");
    });
    looksRight(open, "tasks anonymous", async (visit) => {
      await given(visit.server, ...several);
      await visit.page.goto("/tasks");
    });
    looksRight(open, "task", async (visit) => {
      await given(visit.server, several[2]!);
      await signInTo(visit, "/tasks");
      await visit.page.getByRole("link", { name: several[2]!.title }).click();
      await visit.page.getByRole("button", { name: "Complete" }).click();
      await visit.page.getByText("Queued").waitFor();
    });
    looksRight(open, "notifications", async (visit) => {
      const { page, server } = visit;
      await given(server, several[2]!);
      const { body } = await send(server.port, { path: "/tasks" });
      const worker = await startWorker(server);
      await post(server, `/tasks/${body.match(/id="task-(\d+)"/)?.[1]}/complete`);
      await signInTo(visit, "/notifications");
      await expect
        .poll(async () => (await page.reload()) && page.getByText("New", { exact: true }).count())
        .toBeGreaterThan(0);
      await worker.stop();
    });
  },
  withoutWorker,
);
