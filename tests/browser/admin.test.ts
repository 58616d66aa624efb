import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { inBrowser, looksRight, story, type Visit } from "../helpers/browser";
import { startServer } from "../helpers/server";

const PASSWORD = "correct horse 9";

async function start() {
  const server = await startServer();
  const manage = (...args: string[]) => {
    const env = {
      ...process.env,
      DATABASE_URL: server.databaseUrl,
      UPLOADS: server.uploads,
      TENFOLD_SUPERUSER_USERNAME: "boss",
      TENFOLD_SUPERUSER_PASSWORD: PASSWORD,
    };
    expect(spawnSync(process.execPath, ["build/manage.js", ...args], { env }).status).toBe(0);
  };
  manage("createsuperuser", "--noinput");
  manage("seed", "--todos", "60");
  return server;
}

async function signIn({ page }: Visit, next: string) {
  await page.goto(`/accounts/login?next=${encodeURIComponent(next)}`);
  await page.getByLabel("Username").fill("boss");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname === new URL(next, "http://x").pathname);
}

const heading = ({ page }: Visit, name: string | RegExp) =>
  page.getByRole("heading", { level: 1, name }).waitFor();
const said = ({ page }: Visit, text: string | RegExp) => page.getByRole("status").getByText(text).waitFor();
const unique = ({ scripted }: Visit, name: string) => `${name} ${scripted ? "with" : "without"}`;

inBrowser(
  "the admin",
  (open) => {
    story(open, "adds, changes, restores and deletes a row", async (visit) => {
      const { page } = visit;
      const title = unique(visit, "Buy a kettle");
      await signIn(visit, "/admin");
      await page.getByRole("main").getByRole("link", { name: "To-dos", exact: true }).click();
      await heading(visit, "To-dos");
      await page.getByRole("link", { name: "Add to-do" }).click();
      await heading(visit, "Add to-do");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByRole("alert").getByText("Enter what needs doing").waitFor();
      await page.getByLabel("Title").fill(title);
      await page.getByRole("button", { name: "Save and continue editing" }).click();
      await said(visit, `Added the to-do “${title}”.`);
      await heading(visit, title);

      await page.getByLabel("Title").fill(`${title}, red`);
      await page.getByLabel("Done").check();
      await page.getByRole("button", { name: "Save and continue editing" }).click();
      await said(visit, /^Changed the to-do/);
      await page.getByRole("link", { name: "History" }).click();
      await heading(visit, `History of ${title}, red`);
      await page.getByRole("button", { name: "Restore this version" }).last().click();
      await said(visit, "Restored that version.");
      await heading(visit, `History of ${title}`);

      await page.getByRole("link", { name: title, exact: true }).click();
      await page.getByRole("link", { name: "Delete" }).click();
      await heading(visit, `Delete the to-do “${title}”?`);
      await page.getByRole("button", { name: "Delete" }).click();
      await said(visit, `Deleted the to-do “${title}”.`);
      await heading(visit, "To-dos");
    });

    story(open, "shows an edit by somebody else instead of overwriting it", async (visit) => {
      const { page } = visit;
      const title = unique(visit, "Paint the door");
      await signIn(visit, "/admin/todos/todo/add");
      await page.getByLabel("Title").fill(title);
      await page.getByRole("button", { name: "Save and continue editing" }).click();
      await heading(visit, title);
      const other = await page.context().newPage();
      await other.goto(page.url());
      await other.getByLabel("Title").fill(`${title} blue`);
      await other.getByRole("button", { name: "Save and continue editing" }).click();
      await other.getByRole("heading", { level: 1, name: `${title} blue` }).waitFor();
      await other.close();

      await page.getByLabel("Title").fill(`${title} green`);
      await page.getByRole("button", { name: "Save and continue editing" }).click();
      const conflict = page.getByRole("alert");
      await conflict.getByText("Somebody else has changed this meanwhile").waitFor();
      await conflict.getByText(`${title} blue`).waitFor();
      expect(await page.getByLabel("Title").inputValue()).toBe(`${title} green`);
      await page.getByRole("button", { name: "Save and continue editing" }).click();
      await heading(visit, `${title} green`);
    });

    story(
      open,
      "searches, filters and sorts by one form and one URL; selected rows are changed after a question",
      async (visit) => {
        const { page } = visit;
        await signIn(visit, "/admin/todos/todo");
        await page.getByLabel("Search").fill("ORDER the");
        await page.getByRole("search").getByLabel("Done").selectOption({ label: "No" });
        await page.getByRole("button", { name: "Apply" }).click();
        await page.waitForURL(/q=ORDER\+the&done=no/);
        await page.getByRole("columnheader", { name: "Title" }).getByRole("link").click();
        await page.waitForURL(/o=title/);
        const rows = page.locator("tbody tr");
        await expect.poll(() => rows.count()).toBeGreaterThan(1);
        const before = await rows.count();
        const name = await rows.first().getByRole("link").textContent();
        await page.getByLabel(`Select ${name}`).check();
        await page
          .getByLabel("With those selected")
          .selectOption({ label: "Mark the selected to-dos as done" });
        await page.getByRole("button", { name: "Go" }).click();
        await heading(visit, "Mark 1 to-do as done?");
        await page.getByRole("button", { name: "Yes, do it" }).click();
        await said(visit, "Changed 1 to-do.");
        await page.waitForURL(/q=ORDER\+the&done=no/);
        await expect.poll(() => rows.count()).toBe(before - 1);
      },
    );

    story(
      open,
      "makes a second person, puts them into a group, and gives permissions in a grid",
      async (visit) => {
        const { page } = visit;
        const name = visit.scripted ? "second" : "third";
        await signIn(visit, "/admin/accounts/user/add");
        await page.getByLabel("Username").fill(name);
        await page.getByLabel("Password", { exact: true }).fill("battery staple 7");
        await page.getByLabel("Password again").fill("battery staple 7");
        await page.getByRole("button", { name: "Save and continue editing" }).click();
        await heading(visit, name);
        await page.getByRole("group", { name: "Groups" }).getByLabel("admin").check();
        await page.getByLabel("view_todo").check();
        await page.getByRole("button", { name: "Save and continue editing" }).click();
        await said(visit, `Changed the user “${name}”.`);
        expect(await page.getByRole("group", { name: "Groups" }).getByLabel("admin").isChecked()).toBe(true);
        expect(await page.getByLabel("view_todo").isChecked()).toBe(true);
        await page.getByRole("link", { name: "Change password" }).click();
        await page.getByLabel("New password", { exact: true }).fill("horse battery 8");
        await page.getByLabel("New password again").fill("horse battery 8");
        await page.getByRole("button", { name: "Change password" }).click();
        await said(visit, `${name} has a new password and is signed out everywhere.`);
      },
    );

    it("the CSV of the list is downloaded as a file", () =>
      open({}, async (visit) => {
        const { page } = visit;
        await signIn(visit, "/admin/todos/todo?q=order");
        const download = page.waitForEvent("download");
        await page.getByRole("link", { name: "Download CSV" }).click();
        expect((await download).suggestedFilename()).toBe("todo.csv");
      }));

    for (const [name, path] of [
      ["admin", "/admin"],
      ["admin list", "/admin/todos/todo?q=the&o=-title"],
      ["admin form", "/admin/accounts/user/1/change"],
      ["admin add", "/admin/accounts/user/add"],
      ["admin delete", "/admin/accounts/user/1/delete"],
      ["admin history", "/admin/todos/todo/1/history"],
      ["admin sessions", "/admin/accounts/user/1/sessions"],
    ] as const) {
      looksRight(open, name, async (visit) => {
        if (name === "admin history") {
          await signIn(visit, "/admin/todos/todo/1/change");
          const title = visit.page.getByLabel("Title");
          await title.fill(`${await title.inputValue()}!`);
          await visit.page.getByRole("button", { name: "Save", exact: true }).click();
          await said(visit, /^Changed/);
          await visit.page.goto(path);
        } else await signIn(visit, path);
        await visit.page.getByRole("heading", { level: 1 }).waitFor();
      });
    }
  },
  start,
);
