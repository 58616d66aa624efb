import type { Locator, Page } from "playwright-core";
import { expect, it } from "vitest";
import { heading, inBrowser, looksRight, said, saidAgain, signInTo, story } from "../helpers/browser";
import { post, type RunningServer, send } from "../helpers/server";

const row = (page: Page, title: string) => page.getByRole("listitem").filter({ hasText: title });
const tick = (page: Page, title: string) => page.getByRole("button", { name: title, exact: true });
const field = (page: Page) => page.getByRole("textbox", { name: "New to-do" });
const message = (page: Page) => page.getByRole("status");
const titles = (page: Page) => page.locator("main li > :is(label, span)").allTextContents();

const isInView = (element: Locator) =>
  element.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });

/** Empties the list and fills it, behind the browser's back. */
async function given(server: RunningServer, ...todos: string[]) {
  await post(server, "/todos/toggle-all", { done: "true" });
  await post(server, "/todos/clear-completed");
  await post(server, "/todos/trash/empty");
  if (todos.length > 0) await post(server, "/todos", { title: todos.join("\n") });
}

async function add(page: Page, text: string) {
  await field(page).fill(text);
  await page.getByRole("button", { name: "Add" }).click();
}

inBrowser("to-dos", (open) => {
  // Without it the browser sends both, and each adds one.
  it("with JavaScript: a double click adds once, and finds no fault", () =>
    open({}, async ({ page, server }) => {
      await given(server);
      await page.goto("/todos");
      await page.waitForLoadState("networkidle");
      await field(page).fill("Only once");
      await page.getByRole("button", { name: "Add" }).dblclick();
      await page.getByText("1 item left, 0 completed").waitFor();
      expect(await titles(page)).toEqual(["Only once"]);
      expect(await page.getByRole("alert").count()).toBe(0);
    }));

  story(open, "the tutorial's steps: add, toggle, delete", async ({ page, server }) => {
    await given(server);
    await page.goto("/");
    await page.getByRole("link", { name: "To-dos" }).first().click();
    await page.getByText("Nothing to do. Write down the first thing above.").waitFor();
    expect(await page.title()).toBe("To-dos · Tenfold");
    await add(page, "First");
    await row(page, "First").waitFor();
    await add(page, "Second");
    await page.getByText("2 items left, 0 completed").waitFor();
    await page.reload();
    expect(await titles(page)).toEqual(["Second", "First"]);
    await tick(page, "First").click();
    await page.getByText("1 item left, 1 completed").waitFor();
    expect(await tick(page, "First").getAttribute("aria-pressed")).toBe("true");
    await row(page, "Second").getByRole("button", { name: "Delete" }).click();
    await message(page).getByText("Deleted “Second”.").waitFor();
    expect(await titles(page)).toEqual(["First"]);
  });

  story(
    open,
    "a message is shown once, and Undo brings back what was deleted to its place",
    async ({ page, server }) => {
      await given(server, "a", "b", "c");
      await page.goto("/todos");
      await row(page, "b").getByRole("button", { name: "Delete" }).click();
      await message(page).getByText("Deleted “b”.").waitFor();
      await message(page).getByRole("button", { name: "Undo" }).click();
      await message(page).getByText("Restored “b”.").waitFor();
      expect(await titles(page)).toEqual(["a", "b", "c"]);
      await page.reload();
      expect(await message(page).textContent()).toBe("");
    },
  );

  story(open, "filters are URLs, and every action stays in its filter", async ({ page, server }) => {
    await given(server, "a", "b", "c");
    await page.goto("/todos");
    await page.getByRole("link", { name: "Active" }).click();
    await page.waitForURL("**/todos?show=active");
    await tick(page, "b").click();
    await page.getByText("2 items left, 1 completed").waitFor();
    expect(await titles(page)).toEqual(["a", "c"]);
    await row(page, "a").getByRole("button", { name: "Delete" }).click();
    await message(page).getByText("Deleted “a”.").waitFor();
    await message(page).getByRole("button", { name: "Undo" }).click();
    await message(page).getByText("Restored “a”.").waitFor();
    expect(new URL(page.url()).search).toBe("?show=active");
    await page.getByRole("link", { name: "Completed" }).click();
    await page.waitForURL("**/todos?show=completed");
    await row(page, "b").waitFor();
    expect(await titles(page)).toEqual(["b"]);
  });

  story(open, "a pasted list becomes several, in order", async ({ page, server }) => {
    await given(server, "old");
    await page.goto("/todos");
    await add(page, "one\ntwo\n\nthree");
    await message(page).getByText("Added 3 to-dos.").waitFor();
    expect(await titles(page)).toEqual(["one", "two", "three", "old"]);
  });

  story(
    open,
    "a refused title is explained on top and at the field, takes the focus, and loses nothing",
    async ({ page, server }) => {
      await given(server);
      await page.goto("/todos");
      const long = `ok\n${"x".repeat(201)}`;
      await add(page, long);
      const summary = page.getByRole("alert");
      await summary.getByRole("heading", { name: "There is a problem" }).waitFor();
      const words = "Line 2: Title must be 200 characters or fewer; it has 201";
      expect(await page.title()).toBe("Error: To-dos · Tenfold");
      expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(await page.locator("#title-error").textContent()).toBe(words);
      expect(await field(page).inputValue()).toBe(long);
      await summary.getByRole("link", { name: words }).click();
      expect(await field(page).evaluate((element) => element === document.activeElement)).toBe(true);
      await add(page, "Short");
      await row(page, "Short").waitFor();
      await summary.waitFor({ state: "detached" });
      expect(await page.title()).toBe("To-dos · Tenfold");
      expect(await titles(page)).toEqual(["Short"]);
    },
  );

  story(open, "edits, with Save and Cancel", async ({ page, server }) => {
    await given(server, "a", "Old", "c");
    await page.goto("/todos");
    await row(page, "Old").getByRole("link", { name: "Edit" }).click();
    const title = page.getByRole("textbox", { name: "Title" });
    expect(await title.inputValue()).toBe("Old");
    await title.fill("  ");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Enter what needs doing").first().waitFor();
    await title.fill("New");
    await page.getByRole("button", { name: "Save" }).click();
    await row(page, "New").waitFor();
    expect(await titles(page)).toEqual(["a", "New", "c"]);
    await row(page, "New").getByRole("link", { name: "Edit" }).click();
    await title.fill("Other");
    await page.locator("a, button").filter({ hasText: "Cancel" }).click();
    await title.waitFor({ state: "detached" });
    expect(await titles(page)).toEqual(["a", "New", "c"]);
  });

  story(
    open,
    "completes all, clears completed with Undo, and hides what there is nothing to do with",
    async ({ page, server }) => {
      await given(server, "a", "b");
      await page.goto("/todos");
      const clear = page.getByRole("button", { name: "Clear completed" });
      expect(await clear.count()).toBe(0);
      await page.getByRole("button", { name: "Complete all" }).click();
      await message(page).getByText("Completed 2 to-dos.").waitFor();
      await page.getByRole("button", { name: "Reopen all" }).waitFor();
      await clear.click();
      await message(page).getByText("Deleted 2 completed to-dos.").waitFor();
      await page.getByText("Nothing to do.").waitFor();
      await message(page).getByRole("button", { name: "Undo" }).click();
      await message(page).getByText("Restored 2 to-dos.").waitFor();
      expect(await titles(page)).toEqual(["a", "b"]);
      await page.getByRole("button", { name: "Reopen all" }).click();
      await page.getByText("2 items left, 0 completed").waitFor();
    },
  );

  story(open, "the trash restores, deletes for good, and empties", async ({ page, server }) => {
    await given(server, "a", "b", "c");
    await page.goto("/todos");
    for (const title of ["a", "b", "c"]) {
      await row(page, title).getByRole("button", { name: "Delete" }).click();
      await message(page).getByText(`Deleted “${title}”.`).waitFor();
    }
    await page.getByRole("link", { name: "Trash" }).click();
    await page.getByText("3 to-dos, kept for 30 days").waitFor();
    expect(await titles(page)).toEqual(["c", "b", "a"]);
    await row(page, "b").getByRole("button", { name: "Restore" }).click();
    await message(page).getByText("Restored “b”.").waitFor();
    await row(page, "a").getByText("Delete for good").click();
    await row(page, "a").getByRole("button", { name: "Yes, for good" }).click();
    await message(page).getByText("Deleted “a” for good.").waitFor();
    await page.getByText("Empty trash").click();
    await page.getByRole("button", { name: "Delete 1 to-do for good" }).click();
    await message(page).getByText("Deleted 1 to-do for good.").waitFor();
    await page.getByText("The trash is empty").waitFor();
    await page.getByRole("link", { name: "All", exact: true }).click();
    await row(page, "b").waitFor();
  });

  story(open, "pages of 50 keep the filter, and an action stays on its page", async ({ page, server }) => {
    await given(server, ...Array.from({ length: 120 }, (_, n) => `Item ${n}.`));
    await page.goto("/todos?show=active");
    await page.getByText("Page 1 of 3").waitFor();
    await page.getByRole("link", { name: "Next" }).click();
    await page.getByText("Page 2 of 3").waitFor();
    expect((await titles(page))[0]).toBe("Item 50.");
    await tick(page, "Item 95.").click();
    await page.getByText("119 items left, 1 completed").waitFor();
    await expect.poll(() => isInView(page.getByText("Item 96.", { exact: true }))).toBe(true);
    expect(new URL(page.url()).search).toBe("?show=active&page=2");
    await page.getByRole("link", { name: "Page 3" }).click();
    await page.getByText("Page 3 of 3").waitFor();
    expect(await titles(page)).toHaveLength(19);
  });

  story(open, "a click on a title is one on its tick", async ({ page, server }) => {
    await given(server, "a", "b");
    await page.goto("/todos");
    await page.getByText("a", { exact: true }).click();
    await page.getByText("1 item left, 1 completed").waitFor();
    expect(await tick(page, "a").getAttribute("aria-pressed")).toBe("true");
  });

  story(open, "markup in a title is text", async ({ page, server }) => {
    const nasty = `<img src=x onerror=alert(1)> "'& שלום 🔑`;
    await given(server, nasty);
    await page.goto("/todos");
    expect(await titles(page)).toEqual([nasty]);
    expect(await page.locator("main img").count()).toBe(0);
  });

  story(open, "those selected in the admin are marked as done after a question", async (visit) => {
    const { page, server } = visit;
    await given(server, "a", "b", "c");
    await signInTo(visit, "/admin/todos/todo");
    await page.getByLabel("Select b").check();
    await page.getByLabel("With those selected").selectOption({ label: "Mark the selected to-dos as done" });
    await page.getByRole("button", { name: "Go" }).click();
    await heading(visit, "Mark 1 to-do as done?");
    await page.getByRole("button", { name: "Yes, do it" }).click();
    await said(visit, "Changed 1 to-do.");
    await page.goto("/todos?show=completed");
    expect(await titles(page)).toEqual(["b"]);
  });

  it("is operated by keyboard: Enter adds, Shift+Enter begins a line, Enter saves an edit, Escape cancels it", () =>
    open({}, async ({ page, server }) => {
      await given(server, "a");
      await page.goto("/todos", { waitUntil: "networkidle" });
      await field(page).focus();
      await page.keyboard.type("one");
      await page.keyboard.press("Shift+Enter");
      await page.keyboard.type("two");
      await page.keyboard.press("Enter");
      await message(page).getByText("Added 2 to-dos.").waitFor();
      expect(await titles(page)).toEqual(["one", "two", "a"]);
      expect(await field(page).inputValue()).toBe("");
      await row(page, "two").getByRole("link", { name: "Edit" }).click();
      const title = page.getByRole("textbox", { name: "Title" });
      await title.fill("three");
      await title.press("Escape");
      expect(await titles(page)).toEqual(["one", "two", "a"]);
      const edit = row(page, "two").getByRole("link", { name: "Edit" });
      await expect.poll(() => edit.evaluate((element) => element === document.activeElement)).toBe(true);
      await row(page, "two").getByRole("link", { name: "Edit" }).click();
      await title.fill("three");
      await title.press("Enter");
      await title.waitFor({ state: "detached" });
      expect(await titles(page)).toEqual(["one", "three", "a"]);
      expect(new URL(page.url()).pathname).toBe("/todos");
    }));

  it("is level with the server once many buttons were pressed faster than it answers", () =>
    open({}, async ({ page, server }) => {
      await given(server, ...Array.from({ length: 40 }, (_, n) => `to-do ${n}`));
      await page.goto("/todos", { waitUntil: "networkidle" });
      for (let n = 0; n < 40; n++) {
        await page.getByRole("button", { name: "Delete" }).first().click();
        await page.waitForTimeout(5);
      }
      await page.getByText("0 items left").waitFor();
      await page.getByText("Nothing to do.").waitFor();
    }));

  it("gives the focus to the row that takes the place of one that went away, at the same control", () =>
    open({}, async ({ page, server }) => {
      await given(server, "a", "b", "c");
      await page.goto("/todos", { waitUntil: "networkidle" });
      const focused = () =>
        page.evaluate(() => {
          const { activeElement: element } = document;
          return [element?.closest("li")?.querySelector("label")?.textContent, element?.textContent];
        });
      await row(page, "b").getByRole("button", { name: "Delete" }).focus();
      await page.keyboard.press("Enter");
      await expect.poll(focused).toEqual(["c", "Delete"]);
      await page.keyboard.press("Enter");
      await expect.poll(focused).toEqual(["a", "Delete"]);
      await page.keyboard.press("Enter");
      await page.getByText("Nothing to do.").waitFor();
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    }));

  it("shows what a button does before the server has answered", () =>
    open({}, async ({ page, server }) => {
      await given(server, "a", "b");
      await page.goto("/todos", { waitUntil: "networkidle" });
      let release = () => {};
      const released = new Promise<void>((go) => {
        release = go;
      });
      await page.route("**/*.data*", (route) => released.then(() => route.continue()));
      await tick(page, "a").click();
      await page.locator('[aria-pressed="true"]').waitFor();
      await row(page, "b").getByRole("button", { name: "Delete" }).click();
      await row(page, "b").waitFor({ state: "detached" });
      await add(page, "c");
      await row(page, "c").waitFor();
      expect(await titles(page)).toEqual(["c", "a"]);
      const stored = await send(server.port, { path: "/todos" });
      expect(stored.body).not.toContain(">c<");
      release();
      await page.getByText("1 item left, 1 completed").waitFor();
      await page.reload();
      expect(await titles(page)).toEqual(["c", "a"]);
    }));

  it("shows in the trash what was cleared or deleted a moment before, also where the server was slow", () =>
    open({}, async ({ page, server }) => {
      await given(server, "a", "b", "c");
      await page.goto("/todos", { waitUntil: "networkidle" });
      await tick(page, "a").click();
      await page.getByText("2 items left, 1 completed").waitFor();
      let release = () => {};
      const released = new Promise<void>((go) => {
        release = go;
      });
      await page.route(/clear-completed|delete/, (route) => released.then(() => route.continue()));
      await page.getByRole("button", { name: "Clear completed" }).click();
      await row(page, "a").waitFor({ state: "detached" });
      await row(page, "b").getByRole("button", { name: "Delete" }).click();
      await row(page, "b").waitFor({ state: "detached" });
      await page.getByRole("link", { name: "Trash" }).click();
      await page.getByText("The trash is empty").waitFor();
      release();
      await page.getByText("2 to-dos, kept for 30 days").waitFor();
      expect((await titles(page)).sort()).toEqual(["a", "b"]);
    }));

  it("undoes and says what the server refuses, be it to tick off or to delete", () =>
    open({}, async ({ page, server }) => {
      await given(server, "a", "b");
      await page.goto("/todos", { waitUntil: "networkidle" });
      // Neither is the id of a to-do, so the server refuses, and both rows are as before.
      await page.route(/\/todos\/\d+\//, (route) =>
        route.continue({
          url: route
            .request()
            .url()
            .replace(/\d+\/(toggle|delete)/, "4711/$1"),
        }),
      );
      const refused = message(page).getByText("That is not here any more. Nothing was changed.");
      await tick(page, "a").click();
      await refused.waitFor();
      await expect.poll(() => tick(page, "a").getAttribute("aria-pressed")).toBe("false");
      await saidAgain(refused, () => row(page, "b").getByRole("button", { name: "Delete" }).click());
      await row(page, "b").waitFor();
      expect(await titles(page)).toEqual(["a", "b"]);
    }));

  it("shows what is there where what was there is gone meanwhile", () =>
    open({}, async ({ page, server }) => {
      await given(server, "a", "b");
      await page.goto("/todos", { waitUntil: "networkidle" });
      await given(server, "other");
      await tick(page, "a").click();
      await message(page).getByText("That is not here any more. Nothing was changed.").waitFor();
      await row(page, "other").waitFor();
      expect(await titles(page)).toEqual(["other"]);
    }));

  it("undoes and says what could not be sent, and keeps what was typed", () =>
    open({}, async ({ page, server }) => {
      await given(server, "a");
      await page.goto("/todos", { waitUntil: "networkidle" });
      await page.context().setOffline(true);
      await tick(page, "a").click();
      const refused = message(page).getByText(
        "The server cannot be reached. Look whether this was saved before you send it again.",
      );
      await refused.waitFor();
      expect(await tick(page, "a").getAttribute("aria-pressed")).toBe("false");
      await saidAgain(refused, () => add(page, "typed"));
      await page.waitForFunction(() => document.querySelector("textarea")?.value === "typed");
      await page.context().setOffline(false);
      await page.getByRole("button", { name: "Add" }).click();
      await row(page, "typed").waitFor();
    }));

  it("shows to who comes back what was done here, not the page as it once came", () =>
    open({}, async ({ page, server }) => {
      await given(server, "a", "b");
      await page.goto("/todos", { waitUntil: "networkidle" });
      await row(page, "b").getByRole("button", { name: "Delete" }).click();
      await message(page).getByText("Deleted “b”.").waitFor();
      await page.goto("/accounts/login");
      await page.goBack();
      await page.getByText("1 item left, 0 completed").waitFor();
      expect(await titles(page)).toEqual(["a"]);
    }));

  it.each([
    [
      "deleted",
      async (page: Page) => {
        await row(page, "b").getByRole("button", { name: "Delete" }).click();
        await row(page, "b").waitFor({ state: "detached" });
      },
      ["c", "a"],
    ],
    [
      "edited",
      async (page: Page) => {
        await row(page, "b").getByRole("link", { name: "Edit" }).click();
        await page.getByRole("textbox", { name: "Title" }).fill("B");
        await page.getByRole("button", { name: "Save" }).click();
      },
      ["c", "a", "B"],
    ],
  ])("lists what was added although another was %s before the server had answered", (_, act, expected) =>
    open({}, async ({ page, server }) => {
      await given(server, "a", "b");
      await page.goto("/todos", { waitUntil: "networkidle" });
      let release = () => {};
      const released = new Promise<void>((go) => {
        release = go;
      });
      const isHeld = (url: URL) => url.pathname === "/todos.data";
      await page.route(isHeld, (route) =>
        (route.request().method() === "POST" ? released : Promise.resolve()).then(() => route.continue()),
      );
      await add(page, "c");
      await row(page, "c").waitFor();
      await act(page);
      await expect.poll(async () => (await send(server.port, { path: "/todos" })).body).not.toContain(">b<");
      // Long enough for the page to hear of that.
      await page.waitForTimeout(300);
      release();
      await page.getByText(`${expected.length} items left, 0 completed`).waitFor();
      expect(await titles(page)).toEqual(expected);
    }),
  );

  it("adds several one after the other without losing one", () =>
    open({}, async ({ page, server }) => {
      await given(server);
      await page.goto("/todos", { waitUntil: "networkidle" });
      for (const title of ["one", "two", "three", "four"]) {
        await field(page).fill(title);
        await field(page).press("Enter");
      }
      await page.getByText("4 items left").waitFor();
      await page.reload();
      expect(await titles(page)).toEqual(["four", "three", "two", "one"]);
    }));

  const many = [
    "Order M8 bolts for the workshop",
    "Send Zürich the signed contract",
    "x".repeat(200),
    "W ".repeat(100),
    "שלום 🔑",
  ];
  looksRight(open, "to-dos", async ({ page, server }) => {
    await given(server, ...many);
    await page.goto("/todos");
    await tick(page, many[1]!).click();
    await page.getByText("1 completed").waitFor();
    await row(page, many[4]!).getByRole("button", { name: "Delete" }).click();
    await message(page).getByText("Deleted").waitFor();
  });
  looksRight(open, "no to-dos", async ({ page, server }) => {
    await given(server);
    await page.goto("/todos");
  });
  looksRight(open, "refused to-do", async ({ page, server }) => {
    await given(server, "a");
    await page.goto("/todos");
    await add(page, "");
    await page.getByRole("alert").waitFor();
  });
  looksRight(open, "deleted to-dos", async ({ page, server }) => {
    await given(server, "Old thing");
    await page.goto("/todos");
    await row(page, "Old thing").getByRole("button", { name: "Delete" }).click();
    await message(page).getByText("Deleted").waitFor();
    await page.goto("/todos/trash");
  });
  looksRight(open, "edit to-do", async ({ page, server }) => {
    await given(server, "Old thing");
    await page.goto("/todos");
    const link = await row(page, "Old thing").getByRole("link", { name: "Edit" }).getAttribute("href");
    await page.goto(link!);
  });
  looksRight(open, "pages of to-dos", async ({ page, server }) => {
    await given(server, ...Array.from({ length: 500 }, (_, n) => `Item ${n}`));
    await page.goto("/todos?page=5");
  });
});
