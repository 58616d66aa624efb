import { expect } from "vitest";
import { connect } from "#models/database.server";
import { heading, inBrowser, looksRight, said, signInTo, story } from "../helpers/browser";
import { addPeople, type RunningServer, startServer } from "../helpers/server";

/** Nothing runs jobs, so that they stay as they are. */
async function withoutWorker() {
  const server = await startServer({ RUN_JOBS: "false" });
  await addPeople(server, "boss");
  return server;
}

const ERRORS = [1, 2, 3].map((attempt) => ({
  attempt,
  at: `2026-01-01T09:0${attempt}:00.000Z`,
  message: "450 4.2.1 The mailbox of this very long address is over its quota, try again later",
}));

/** One job of each state that is told apart, and two that have failed. */
async function given({ databaseUrl }: RunningServer) {
  const database = connect(databaseUrl);
  await database.query("DELETE FROM jobs");
  const row = (name: string, status: string, attempts: number, errors: object[]) =>
    `('${name}', '{"mail":${attempts}}', '${status}', ${attempts}, 5, '${JSON.stringify(errors)}', '2026-01-01 09:00:00.000 +00:00')`;
  await database.query(
    `INSERT INTO jobs (name, payload, status, attempts, max_attempts, errors, created_at) VALUES
      ${row("first-failed", "failed", 5, ERRORS)}, ${row("second-failed", "failed", 5, ERRORS)},
      ${row("waits", "queued", 0, [])}, ${row("runs", "running", 1, [])}, ${row("is-done", "done", 1, [])}`,
  );
  await database.close();
}

async function givenMails({ databaseUrl }: RunningServer) {
  const database = connect(databaseUrl);
  await database.query("DELETE FROM mails");
  await database.query(
    `INSERT INTO mails (recipient, reply_to, subject, text, html, message_id, status, answer, created_at) VALUES
      ('ada@example.com', 'mary@example.com', '[C-1004] The badge printer prints blank badges',
       'From: mary@example.com
Since this morning the printer at the door prints blank badges.', '<p>Since <b>this morning</b> …</p>', '<1@example.com>',
       'kept', 'kept: no SMTP_URL', '2026-01-01 09:00:00.000 +00:00'),
      ('grace@example.com', '', 'A new password for grace', 'Words', '', '<2@example.com>',
       'failed', '550 5.1.1 There is nobody of that name here', '2026-01-01 09:00:00.000 +00:00')`,
  );
  await database.close();
}

inBrowser(
  "jobs",
  (open) => {
    story(open, "staff look at a job that has failed, and have it tried again", async (visit) => {
      const { page, server } = visit;
      await given(server);
      await signInTo(visit, "/admin/jobs/job?status=failed");
      await page.getByRole("link", { name: "first-failed" }).click();
      await heading(visit, /^first-failed #\d+$/);
      await page.getByText("The mailbox of this very long address").first().waitFor();
      await page.getByRole("button", { name: "Retry" }).click();
      await said(visit, "Changed 1 job.");
      await page.goto("/admin/jobs/job?status=queued");
      await page.getByRole("link", { name: "first-failed" }).waitFor();
    });

    story(open, "many at once are tried again, or discarded", async (visit) => {
      const { page, server } = visit;
      for (const [action, status] of [
        ["Retry the selected jobs", "queued"],
        ["Discard the selected jobs", "discarded"],
      ] as const) {
        await given(server);
        await signInTo(visit, "/admin/jobs/job?status=failed");
        for (const box of await page.locator('tbody input[type="checkbox"]').all()) await box.check();
        await page.getByLabel("With those selected").selectOption({ label: action });
        await page.getByRole("button", { name: "Go" }).click();
        await heading(visit, /^(Retry|Discard) 2 jobs/);
        await page.getByRole("button", { name: /^Yes/ }).click();
        await said(visit, "Changed 2 jobs.");
        await page.goto(`/admin/jobs/job?status=${status}`);
        for (const name of ["first-failed", "second-failed"])
          await page.getByRole("link", { name }).waitFor();
      }
    });

    story(open, "staff read a mail that was kept: its text and its HTML", async (visit) => {
      const { page, server } = visit;
      await givenMails(server);
      await signInTo(visit, "/admin/mail/mail");
      await page.getByRole("link", { name: "The badge printer prints blank badges" }).click();
      await page.getByText("Since this morning the printer").waitFor();
      await page.getByText("<p>Since <b>this morning</b> …</p>").waitFor();
      expect(await page.getByText("kept: no SMTP_URL").count()).toBe(1);
    });

    looksRight(open, "jobs", async (visit) => {
      await given(visit.server);
      await signInTo(visit, "/admin/jobs/job");
    });
    looksRight(open, "job", async (visit) => {
      await given(visit.server);
      await signInTo(visit, "/admin/jobs/job?status=failed");
      await visit.page.getByRole("link", { name: "first-failed" }).click();
      await heading(visit, /^first-failed/);
    });
    looksRight(open, "mails", async (visit) => {
      await givenMails(visit.server);
      await signInTo(visit, "/admin/mail/mail");
    });
    looksRight(open, "mail", async (visit) => {
      await givenMails(visit.server);
      await signInTo(visit, "/admin/mail/mail");
      await visit.page.getByRole("link", { name: "The badge printer" }).click();
      await visit.page.getByText("Since this morning the printer").waitFor();
    });
  },
  withoutWorker,
);
