import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { connect } from "#models/database.server";
import { heading, inBrowser, looksRight, said, signInTo, story, type Visit } from "../helpers/browser";
import { addPeople, PASSWORD, post, startServer } from "../helpers/server";

/** A story deletes two of the first three; the last stays, as number 5. */
const OWLS = ["barn-owl", "snowy-owl", "tawny-owl", "eagle-owl"];

const GROUPS = ["admin", "editors", "warehouse"];
const TEAMS = Array.from({ length: 60 }, (_, n) => `Team ${n}`);

const withGroups = (names: string[]) => async () => {
  const server = await startServer();
  const cookie = await addPeople(server, "boss", ...OWLS);
  for (const name of names) await post(server, "/admin/accounts/group/add", { name }, cookie);
  return server;
};

const unique = ({ scripted }: Visit, name: string) => `${name} ${scripted ? "with" : "without"}`;

const keep = (page: Page) => page.getByRole("button", { name: "Save and continue editing" }).click();

/** Adds a group and has its form open while somebody else gives it another name. */
async function groupThatAnotherRenames(visit: Visit, name: string, theirs: string) {
  const { page } = visit;
  await signInTo(visit, "/admin/accounts/group/add");
  await page.getByLabel("Name").fill(name);
  await keep(page);
  await heading(visit, name);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByLabel("Name").fill(theirs);
  await keep(other);
  await other.getByRole("heading", { level: 1, name: theirs }).waitFor();
  await other.close();
}

inBrowser(
  "the admin",
  (open) => {
    story(open, "adds, changes, restores and deletes a row", async (visit) => {
      const { page } = visit;
      const name = unique(visit, "Night shift");
      await signInTo(visit, "/admin");
      await page.getByRole("main").getByRole("link", { name: "Groups", exact: true }).click();
      await heading(visit, "Groups");
      await page.getByRole("link", { name: "Add group" }).click();
      await heading(visit, "Add group");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByRole("alert").getByText("Enter a name for the group").waitFor();
      await page.getByLabel("Name").fill(name);
      await keep(page);
      await said(visit, `Added the group “${name}”.`);
      await heading(visit, name);

      await page.getByLabel("Name").fill(`${name}, late`);
      await page.getByLabel("view_group").check();
      await keep(page);
      await said(visit, /^Changed the group/);
      await page.getByRole("link", { name: "History" }).click();
      await heading(visit, `History of ${name}, late`);
      await page.getByRole("button", { name: "Restore this version" }).last().click();
      await said(visit, "Restored that version.");
      await heading(visit, `History of ${name}`);

      await page.getByRole("link", { name, exact: true }).click();
      await page.getByRole("link", { name: "Delete" }).click();
      await heading(visit, `Delete the group “${name}”?`);
      await page.getByRole("button", { name: "Delete" }).click();
      await said(visit, `Deleted the group “${name}”.`);
      await heading(visit, "Groups");
    });

    story(open, "comes back to the list as it was, from whatever is done with a row of it", async (visit) => {
      const { page } = visit;
      const name = unique(visit, "Gardeners");
      const isBack = async () => {
        await page.waitForURL(/\/group\?q=garden&o=-name$/i);
        await heading(visit, "Groups");
      };
      const row = page.getByRole("link", { name, exact: true });
      await signInTo(visit, "/admin/accounts/group?q=garden&o=-name");
      await page.getByRole("link", { name: "Add group" }).click();
      await page.getByLabel("Name").fill(name);
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await said(visit, /^Added/);
      await isBack();
      await row.click();
      await page.getByLabel("view_group").check();
      await keep(page);
      await said(visit, /^Changed/);
      await page.getByRole("link", { name: "History" }).click();
      await page.getByRole("button", { name: "Restore this version" }).last().click();
      await said(visit, "Restored that version.");
      await page.getByRole("link", { name, exact: true }).click();
      await page.getByRole("link", { name: "Delete" }).click();
      await page.getByRole("link", { name: "Cancel" }).click();
      await heading(visit, name);
      await page
        .getByRole("navigation", { name: "Breadcrumb" })
        .getByRole("link", { name: "Groups" })
        .click();
      await isBack();
      await row.click();
      await page.getByRole("link", { name: "Delete" }).click();
      await page.getByRole("button", { name: "Delete" }).click();
      await said(visit, /^Deleted/);
      await isBack();
    });

    story(open, "shows an edit by somebody else instead of overwriting it", async (visit) => {
      const { page } = visit;
      const name = unique(visit, "Painters");
      await groupThatAnotherRenames(visit, name, `${name} blue`);
      await page.getByLabel("Name").fill(`${name} green`);
      await keep(page);
      const conflict = page.getByRole("alert");
      await conflict.getByText("Somebody else has changed this meanwhile").waitFor();
      await conflict.getByText(`${name} blue`).waitFor();
      await conflict.getByText(/^boss saved it just now/).waitFor();
      await conflict.getByRole("link", { name: "Name" }).click();
      await conflict.getByText(`${name} blue`).waitFor();
      expect(await page.getByLabel("Name").evaluate((field) => field === document.activeElement)).toBe(true);
      expect(await page.getByLabel("Name").inputValue()).toBe(`${name} green`);
      await keep(page);
      await heading(visit, `${name} green`);
    });

    story(open, "lets the person take theirs where both have changed a field", async (visit) => {
      const { page } = visit;
      const name = unique(visit, "Plumbers");
      await groupThatAnotherRenames(visit, name, `${name} theirs`);
      await page.getByLabel("Name").fill(`${name} mine`);
      await page.getByLabel("view_group").check();
      await keep(page);
      await page.getByRole("alert").getByRole("group", { name: "Name" }).getByLabel("theirs").check();
      await keep(page);
      await heading(visit, `${name} theirs`);
      expect(await page.getByLabel("view_group").isChecked()).toBe(true);
    });

    story(
      open,
      "restores permissions, and asks for one's own password where it was given long ago",
      async (visit) => {
        const { page, server } = visit;
        const name = unique(visit, "Cooks");
        await signInTo(visit, "/admin/accounts/group/add");
        await page.getByLabel("Name").fill(name);
        await page.getByLabel("view_group").check();
        await keep(page);
        await heading(visit, name);
        await page.getByLabel("view_group").uncheck();
        await keep(page);
        await said(visit, /^Changed/);
        const database = connect(server.databaseUrl);
        await database.query("UPDATE sessions SET confirmed_at = '2026-01-01 00:00:00.000 +00:00'");
        await database.close();
        await page.getByRole("link", { name: "History" }).click();
        await page.getByRole("button", { name: "Restore this version" }).click();
        await page.getByRole("alert").getByText("Enter your own password to confirm").waitFor();
        await page.getByLabel("Your own password").fill(PASSWORD);
        await page.getByRole("button", { name: "Restore that version" }).click();
        await said(visit, "Restored that version.");
        await page.getByRole("link", { name, exact: true }).click();
        await heading(visit, name);
        expect(await page.getByLabel("view_group").isChecked()).toBe(true);
      },
    );

    story(open, "is used by keyboard alone: found, opened, changed and saved", async (visit) => {
      const { page } = visit;
      const focus = async (name: string | RegExp, role: "searchbox" | "link" | "textbox") => {
        const wanted = await page.getByRole("main").getByRole(role, { name }).first().elementHandle();
        for (let presses = 0; presses < 40; presses += 1) {
          if (await page.evaluate((element) => document.activeElement === element, wanted)) return;
          await page.keyboard.press("Tab");
        }
        expect.fail(`${name} is not reached by Tab`);
      };
      await signInTo(visit, "/admin/accounts/user");
      await focus("Search", "searchbox");
      await page.keyboard.type("eagle");
      await page.keyboard.press("Enter");
      await page.waitForURL(/q=eagle/);
      await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
      await focus("eagle-owl", "link");
      await page.keyboard.press("Enter");
      await heading(visit, "eagle-owl");
      await focus("Display name", "textbox");
      await page.keyboard.press("Control+A");
      await page.keyboard.type(unique(visit, "Eagle"));
      await page.keyboard.press("Enter");
      await said(visit, "Changed the user “eagle-owl”.");
    });

    story(
      open,
      "searches, filters and sorts by one form and one URL; selected rows are changed after a question",
      async (visit) => {
        const { page } = visit;
        await signInTo(visit, "/admin/accounts/user");
        await page.getByLabel("Search").fill("OWL n");
        await page.getByRole("search").getByLabel("Active").selectOption({ label: "Yes" });
        await page.getByRole("button", { name: "Apply" }).click();
        await page.waitForURL(/q=OWL\+n&is_active=yes/);
        await page.getByRole("columnheader", { name: "Username" }).getByRole("link").click();
        await page.waitForURL(/o=username/);
        const rows = page.locator("tbody tr");
        await expect.poll(() => rows.count()).toBeGreaterThan(1);
        const before = await rows.count();
        const name = await rows.first().getByRole("link").textContent();
        await page.getByLabel(`Select ${name}`).check();
        await page.getByLabel("With those selected").selectOption({ label: "Delete the selected users" });
        await page.getByRole("button", { name: "Go" }).click();
        await heading(visit, "Delete 1 user?");
        await page.getByRole("button", { name: "Yes, do it" }).click();
        await said(visit, "Deleted 1 user.");
        await page.waitForURL(/q=OWL\+n&is_active=yes/);
        await expect.poll(() => rows.count()).toBe(before - 1);
      },
    );

    story(open, "takes all rows of the result, which the page names before", async (visit) => {
      const { page } = visit;
      const name = unique(visit, "Passing");
      for (const n of [1, 2, 3]) {
        await signInTo(visit, "/admin/accounts/group/add");
        await page.getByLabel("Name").fill(`${name} ${n}`);
        await page.getByRole("button", { name: "Save and add another" }).click();
        await said(visit, `Added the group “${name} ${n}”.`);
        await heading(visit, "Add group");
      }
      await page.goto(`/admin/accounts/group?q=${name}`);
      await page.getByLabel("all 3 groups of this result").check();
      await page.getByRole("button", { name: "Go" }).click();
      await heading(visit, "Delete 3 groups?");
      await page.getByText(`${name} 3`).waitFor();
      await page.getByRole("link", { name: "Cancel" }).click();
      await expect.poll(() => page.locator("tbody tr").count()).toBe(3);
      await page.getByLabel("all 3 groups of this result").check();
      await page.getByRole("button", { name: "Go" }).click();
      await page.getByRole("button", { name: "Yes, do it" }).click();
      await said(visit, "Deleted 3 groups.");
      await page.getByText("Nothing here fits.").waitFor();
    });

    story(open, "is sorted by several columns on a narrow screen, too", async (visit) => {
      const { page } = visit;
      await page.setViewportSize({ width: 360, height: 800 });
      await signInTo(visit, "/admin/accounts/user?q=owl");
      const sort = (name: string) => page.getByRole("columnheader", { name }).getByRole("link").click();
      await sort("Username");
      await page.waitForURL(/o=username$/);
      await sort("Staff");
      await page.waitForURL(/o=isStaff\.username$/);
      await sort("Username");
      await page.waitForURL(/o=-username\.isStaff$/);
      await expect.poll(() => page.locator("tbody a").first().textContent()).toBe("tawny-owl");
    });

    story(
      open,
      "makes a second person, puts them into a group, and gives permissions in a grid",
      async (visit) => {
        const { page } = visit;
        const name = visit.scripted ? "second" : "third";
        await signInTo(visit, "/admin/accounts/user/add");
        await page.getByLabel("Username").fill(name);
        await page.getByLabel("Password", { exact: true }).fill("battery staple 7");
        await page.getByLabel("Password again").fill("battery staple 7");
        await keep(page);
        await heading(visit, name);
        await page.getByRole("group", { name: "Groups" }).getByLabel("admin").check();
        await page.getByLabel("view_group").check();
        await keep(page);
        await said(visit, `Changed the user “${name}”.`);
        expect(await page.getByRole("group", { name: "Groups" }).getByLabel("admin").isChecked()).toBe(true);
        expect(await page.getByLabel("view_group").isChecked()).toBe(true);
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
        await signInTo(visit, "/admin/accounts/user?q=owl");
        const download = page.waitForEvent("download");
        await page.getByRole("link", { name: "Download CSV" }).click();
        expect((await download).suggestedFilename()).toBe("user.csv");
      }));

    for (const [name, path] of [
      ["admin", "/admin"],
      ["admin list", "/admin/accounts/user?q=owl&o=-username"],
      ["admin form", "/admin/accounts/user/1/change"],
      ["admin add", "/admin/accounts/user/add"],
      ["admin delete", "/admin/accounts/user/1/delete"],
      ["admin history", "/admin/accounts/group/1/history"],
      ["admin sessions", "/admin/accounts/user/1/sessions"],
      ["admin group", "/admin/accounts/group/1/change"],
      ["admin question", "/admin/accounts/group"],
      ["admin conflict", "/admin/accounts/user/5/change"],
    ] as const) {
      looksRight(open, name, async (visit) => {
        if (name === "admin history") {
          await signInTo(visit, "/admin/accounts/group/1/change");
          const field = visit.page.getByLabel("Name");
          await field.fill(`${await field.inputValue()}!`);
          await visit.page.getByRole("button", { name: "Save", exact: true }).click();
          await said(visit, /^Changed/);
          await visit.page.goto(path);
        } else await signInTo(visit, path);
        if (name === "admin question") {
          await visit.page.getByLabel("Select editors").check();
          await visit.page.getByRole("button", { name: "Go" }).click();
          await heading(visit, "Delete 1 group?");
        }
        if (name === "admin conflict") {
          const other = await visit.page.context().newPage();
          await other.goto(path);
          await other.getByLabel("Display name").fill(`Grace ${Math.random()}`);
          await other.getByLabel("Staff").setChecked(!(await other.getByLabel("Staff").isChecked()));
          await other.getByRole("button", { name: "Save and continue editing" }).click();
          await other
            .getByRole("status")
            .getByText(/^Changed/)
            .waitFor();
          await other.close();
          await visit.page.getByLabel("Display name").fill("Amazing Grace");
          await visit.page.getByRole("button", { name: "Save", exact: true }).click();
          await visit.page.getByRole("alert").getByText("Somebody else has changed this").waitFor();
        }
        await visit.page.getByRole("heading", { level: 1 }).waitFor();
      });
    }
  },
  withGroups(GROUPS),
);

inBrowser(
  "the admin with more groups than can be drawn",
  (open) => {
    story(open, "finds them by a search in the form, and loses no tick", async (visit) => {
      const { page, scripted } = visit;
      const groups = page.getByRole("group", { name: "Groups" });
      const id = scripted ? 2 : 3;
      await signInTo(visit, `/admin/accounts/user/${id}/change`);
      await page.getByText("There are 63. Search to choose more.").waitFor();
      await page.getByLabel("Display name").fill("Typed and not lost");
      await page.getByLabel("Search groups").fill("TEAM 4");
      await page.getByLabel("Search groups").press("Enter");
      await page.getByText("15 match “TEAM 4”.").waitFor();
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute("name"));
      await expect.poll(focused).toBe("_words_groups");
      await groups.getByLabel("Team 41").check();
      await page.getByLabel("Search groups").fill("warehouse");
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByText("1 matches “warehouse”.").waitFor();
      expect(await groups.getByLabel("Team 41").isChecked()).toBe(true);
      await groups.getByLabel("warehouse").check();
      await page.getByLabel("Email").fill("nonsense");
      await keep(page);
      await page
        .getByRole("alert")
        .getByText(/Enter an email address/)
        .waitFor();
      expect(await groups.getByLabel("warehouse").isChecked()).toBe(true);
      await page.getByLabel("Email").fill("right@example.com");
      await page.getByLabel("Email").press("Enter");
      await said(visit, /^Changed the user/);
      await page.goto(`/admin/accounts/user/${id}/change`);
      expect(await page.getByLabel("Display name").inputValue()).toBe("Typed and not lost");
      const ticked = await groups.locator("label:has(:checked)").allTextContents();
      expect(ticked.toSorted()).toEqual(["Team 41", "warehouse"]);
    });
    looksRight(open, "admin list of many pages", (visit) => signInTo(visit, "/admin/accounts/group?o=-name"));
    looksRight(open, "admin search", async (visit) => {
      await signInTo(visit, "/admin/accounts/user/4/change");
      await visit.page.getByLabel("Search groups").fill("team 1");
      await visit.page.getByRole("button", { name: "Search" }).click();
      await visit.page.getByText(/match “team 1”/).waitFor();
    });
  },
  withGroups([...GROUPS, ...TEAMS]),
);
