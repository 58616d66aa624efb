import { expect, it } from "vitest";
import { slugOf } from "~/components/slug";
import { VECTORS } from "../features/blog/xss";
import {
  heading,
  inBrowser,
  looksRight,
  said,
  saidAgain,
  signInTo,
  story,
  type Visit,
} from "../helpers/browser";
import { content, fill, press, publish } from "./blog-form";

inBrowser("blog", (open) => {
  story(
    open,
    "the tutorial's steps: posts from the admin, a list, a page, a slug that is taken",
    async (visit) => {
      const { page, scripted } = visit;
      const [first, second] = scripted ? ["Hello world", "Second post"] : ["Hallo Welt", "Zweiter Beitrag"];
      const add = async (title: string, slug: string) => {
        await page.goto("/admin/blog/post/add");
        await page.getByLabel("Title").fill(title);
        if (!scripted || slug !== slugOf(title)) await page.getByLabel("Slug").fill(slug);
        await content(visit).fill(`This is ${title}.`);
        await press(visit, "Save");
      };
      await signInTo(visit, "/posts");
      for (const title of [first!, second!]) {
        await add(title, slugOf(title));
        await said(visit, `Added the post “${title}”.`);
      }
      await page.goto("/posts");
      expect((await page.locator(".posts h2").allTextContents()).slice(0, 2)).toEqual([second, first]);
      await page.getByRole("link", { name: first, exact: true }).click();
      await heading(visit, first!);
      expect(new URL(page.url()).pathname).toBe(`/posts/${slugOf(first!)}`);
      await page.getByText(`This is ${first}.`).waitFor();
      await page.getByRole("link", { name: `Newer ${second}` }).click();
      await heading(visit, second!);
      await page.getByRole("link", { name: `Older ${first}` }).click();
      await heading(visit, first!);
      await add("Another", slugOf(first!));
      await page
        .getByRole("alert")
        .getByText(`Post with this slug already exists. ${slugOf(first!)}-2 is free`)
        .waitFor();
      expect((await page.goto("/posts/does-not-exist"))?.status()).toBe(404);
    },
  );

  story(open, "a post is written, looked at, published and read", async (visit) => {
    const { page } = visit;
    await signInTo(visit, "/posts");
    await page.getByRole("link", { name: "Write a post" }).click();
    await heading(visit, "Write a post");
    await fill(visit, "Zürich für Anfänger", "# Ein Tag\n\nAm *See*.");
    await press(visit, "Preview");
    await page.getByRole("heading", { level: 2, name: "Ein Tag" }).waitFor();
    expect(await page.getByLabel("Title").inputValue()).toBe("Zürich für Anfänger");
    await page.getByLabel("Public", { exact: true }).check();
    await press(visit, "Save");
    await heading(visit, "Zürich für Anfänger");
    await said(visit, "“Zürich für Anfänger” is public.");
    expect(new URL(page.url()).pathname).toMatch(/^\/posts\/zuerich-fuer-anfaenger(-2)?$/);
    await page.getByRole("link", { name: "All posts" }).click();
    await heading(visit, "Blog");
    await page.getByRole("link", { name: "Zürich für Anfänger" }).first().click();
    await page.getByText("Am See.").waitFor();
  });

  story(open, "a link never dies: a post is renamed, and takes its old slug back", async (visit) => {
    const { page, scripted } = visit;
    await signInTo(visit, "/posts");
    const [one, two] = scripted ? ["one", "two"] : ["uno", "due"];
    await publish(visit, one!);
    const rename = async (from: string, to: string) => {
      await page.goto(`/posts/${from}/edit`);
      await page.getByLabel("Slug").fill(to);
      await press(visit, "Save");
      await page.waitForURL(`**/posts/${to}`);
    };
    await rename(one!, two!);
    await page.goto(`/posts/${one}`);
    expect(new URL(page.url()).pathname).toBe(`/posts/${two}`);
    await rename(two!, one!);
    // The browser has been told of both directions by now.
    for (const slug of [one, two]) {
      await page.goto(`/posts/${slug}`);
      expect(new URL(page.url()).pathname).toBe(`/posts/${one}`);
      await heading(visit, one!);
    }
  });

  story(open, "a draft is seen by who writes it and by nobody else", async (visit) => {
    const { page, server } = visit;
    await signInTo(visit, "/posts/new");
    await fill(visit, visit.scripted ? "Secret" : "Secret too");
    await press(visit, "Save");
    await heading(visit, /Secret/);
    await page.getByText("Draft", { exact: true }).waitFor();
    const { pathname } = new URL(page.url());
    expect((await fetch(server.url + pathname)).status).toBe(404);
    await page.goto("/posts");
    await page.getByRole("link", { name: "Drafts" }).click();
    await page
      .getByRole("link", { name: /Secret/ })
      .first()
      .waitFor();
  });

  story(open, "what is refused is said first, and what was typed is kept", async (visit) => {
    const { page } = visit;
    await signInTo(visit, "/posts/new");
    await fill(visit, "", "Long text");
    await page.getByLabel("Public at a time to come").check();
    await press(visit, "Save");
    await page.getByRole("alert").getByRole("link", { name: "Enter a title" }).waitFor();
    expect(await page.title()).toMatch(/^Error: /);
    expect(await page.getByLabel("Content").inputValue()).toBe("Long text");
    expect(await page.getByLabel("Public at a time to come").isChecked()).toBe(true);
    await page.getByLabel("Title").fill("A title");
    await press(visit, "Save");
    await page
      .getByRole("alert")
      .getByRole("link", { name: /Enter the day and time/ })
      .click();
    await page.getByLabel("Day and time").fill("2099-01-01T09:30");
    await press(visit, "Save");
    await said(visit, "“A title” will go public on 1 January 2099 at 09:30 UTC.");
  });

  story(open, "two people who edit one post do not overwrite each other unseen", async (visit) => {
    const { page, scripted } = visit;
    await signInTo(visit, "/posts");
    const path = await publish(visit, scripted ? "Shared" : "Shared too");
    const renamed = scripted ? "renamed" : "renamed-too";
    await page.goto(`${path}/edit`);
    const other = await page.context().newPage();
    await other.goto(`${path}/edit`);
    await other.getByLabel("Content").fill("What the other wrote");
    await other.getByLabel("Slug").fill(renamed);
    await other.getByRole("button", { name: "Save" }).click();
    await other.getByText("What the other wrote").waitFor();
    await other.close();
    await page.getByLabel("Content").fill("What I wrote");
    await press(visit, "Save");
    await page.getByRole("alert").getByText("Somebody has saved this post").waitFor();
    for (const theirs of ["What the other wrote", renamed])
      await page.locator("#theirs dd").getByText(theirs, { exact: true }).waitFor();
    expect(await page.getByLabel("Content").inputValue()).toBe("What I wrote");
    await press(visit, "Save");
    await page.locator(".post .prose").getByText("What I wrote").waitFor();
    expect(new URL(page.url()).pathname).toBe(path);
  });

  story(open, "Enter in a field saves, as in every form", async (visit) => {
    const { page } = visit;
    await signInTo(visit, "/posts/new");
    const title = visit.scripted ? "By the keyboard" : "By the keyboard too";
    await fill(visit, title);
    await page.getByLabel("Title").press("Enter");
    await heading(visit, title);
    await said(visit, `Saved the draft “${title}”`);
  });

  it("a line of a post has about 65 characters", () =>
    open({ viewport: { width: 1280, height: 800 } }, async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/posts");
      await page.goto(
        await publish(visit, "Lines", "The quick brown fox jumps over the lazy dog. ".repeat(20)),
      );
      const lengths = await page.locator(".post .prose p").evaluate((paragraph) => {
        const text = paragraph.firstChild as Text;
        const range = document.createRange();
        const lines = new Map<number, number>();
        for (let at = 0; at < text.length; at += 1) {
          range.setStart(text, at);
          range.setEnd(text, at + 1);
          const { top } = range.getBoundingClientRect();
          lines.set(top, (lines.get(top) ?? 0) + 1);
        }
        return [...lines.values()].slice(0, -1);
      });
      expect(lengths.length).toBeGreaterThan(5);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(75);
      expect(Math.min(...lengths)).toBeGreaterThanOrEqual(55);
    }));

  it("the preview follows what is typed", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/posts/new");
      await page.getByLabel("Content").pressSequentially("## As it is typed");
      await page.getByRole("heading", { level: 2, name: "As it is typed" }).waitFor();
      expect(await page.getByLabel("Content").inputValue()).toBe("## As it is typed");
    }));

  it("what is typed while the page comes alive is neither lost nor overtaken, and the preview follows it", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/posts");
      await page.goto(await publish(visit, "Typed early", "so far."));
      const path = await page.getByRole("link", { name: "Edit" }).getAttribute("href");
      for (const late of [100, 300, 900]) {
        await page.unrouteAll();
        await page.route("**/assets/entry.client-*.js", async (route) => {
          await new Promise((resolve) => setTimeout(resolve, late));
          await route.continue();
        });
        await page.goto(path!, { waitUntil: "commit" });
        await content(visit).focus();
        await page.keyboard.press("Control+Home");
        await page.keyboard.type("What has happened, ", { delay: 40 });
        await page.locator("#preview").getByText("What has happened, so far.", { exact: true }).waitFor();
        expect(await content(visit).inputValue()).toBe("What has happened, so far.");
      }
    }));

  it("the button shows what is typed by then, also where the preview has not followed yet", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/posts/new");
      await content(visit).pressSequentially("One");
      await page.locator("#preview").getByText("One", { exact: true }).waitFor();
      await content(visit).pressSequentially(" two");
      await press(visit, "Preview");
      await page.locator("#preview").getByText("One two", { exact: true }).waitFor();
      await content(visit).pressSequentially(" three");
      await page.locator("#preview").getByText("One two three", { exact: true }).waitFor();
    }));

  it("what is typed stays, whatever becomes of the preview", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/posts/new");
      await page.getByLabel("Title").fill("Typed");
      await page.getByRole("heading", { name: "Preview" }).waitFor();
      await page.context().setOffline(true);
      await page.getByLabel("Content").pressSequentially("without a connection");
      await page.waitForTimeout(600);
      await page.context().setOffline(false);
      await page.context().clearCookies();
      await page.getByLabel("Content").pressSequentially(" and without a session");
      await page.waitForTimeout(600);
      await heading(visit, "Write a post");
      expect(await page.getByLabel("Content").inputValue()).toBe(
        "without a connection and without a session",
      );
    }));

  it.each(["/posts/new", "/posts/%/edit"])(
    "at %s, what is typed stays where a save is not taken",
    (address) =>
      open({}, async (visit) => {
        const { page } = visit;
        await signInTo(visit, "/posts");
        const path = address.replace("/posts/%", await publish(visit, `Not taken ${address.length}`));
        await page.goto(path);
        const form = await page.getByRole("heading", { level: 1 }).textContent();
        const typedIn = async () => {
          await heading(visit, form!);
          expect(await page.getByLabel("Title").inputValue()).toBe(`Kept ${address.length}`);
          return page.getByLabel("Content").inputValue();
        };
        await fill(visit, `Kept ${address.length}`);

        await page.context().setOffline(true);
        await press(visit, "Save");
        const words = "The server cannot be reached. Look whether this was saved before you send it again.";
        const unreached = page.getByRole("status").getByText(words);
        await unreached.waitFor();
        expect(await typedIn()).toBe("Some *text*");
        await saidAgain(unreached, () => press(visit, "Preview"));
        expect(await typedIn()).toBe("Some *text*");
        await page.context().setOffline(false);

        await page.getByLabel("Content").fill("x".repeat(1_100_000));
        await press(visit, "Save");
        await said(visit, "That is too large. Nothing was changed.");
        expect(await typedIn()).toHaveLength(1_100_000);
        await page.getByLabel("Content").fill("Some *text*");

        await page.context().clearCookies();
        await press(visit, "Save");
        await said(
          visit,
          "You are signed out. Sign in in another tab, then send this again. Nothing was changed.",
        );
        expect(await typedIn()).toBe("Some *text*");

        const other = { ...visit, page: await page.context().newPage() };
        await signInTo(other, "/posts");
        await press(visit, "Save");
        await heading(visit, `Kept ${address.length}`);
        await other.page.close();
      }),
  );

  it("a save that was refused does not overwrite what somebody else saved meanwhile", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/posts");
      const path = await publish(visit, "Two writers");
      await page.goto(`${path}/edit`);
      await page.getByLabel("Content").fill("x".repeat(1_100_000));
      const other = await page.context().newPage();
      await other.goto(`${path}/edit`);
      await other.getByLabel("Content").fill("What somebody else wrote");
      await other.getByRole("button", { name: "Save" }).click();
      await other.locator(".post .prose").getByText("What somebody else wrote").waitFor();
      await press(visit, "Save");
      await said(visit, "That is too large. Nothing was changed.");
      await page.getByLabel("Content").fill("What I wrote");
      await press(visit, "Save");
      await page.locator("#theirs").getByText("What somebody else wrote").waitFor();
      await other.close();
    }));

  it("a post that is saved at once after the last key is shown whole, each time", () =>
    open({}, async (visit) => {
      const { page } = visit;
      for (let n = 1; n <= 8; n += 1) {
        await signInTo(visit, "/posts/new");
        await page.getByLabel("Title").fill(`Quick ${n}`);
        await page.getByLabel("Content").pressSequentially("Text");
        await page.waitForTimeout(n * 30);
        await press(visit, "Save");
        await heading(visit, `Quick ${n}`);
        await said(visit, `Saved the draft “Quick ${n}”`);
        await page.waitForTimeout(350);
        await heading(visit, `Quick ${n}`);
      }
    }));

  it("a post is read in lines of about 65 characters", () =>
    open({ viewport: { width: 1280, height: 800 } }, async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/posts");
      const sentence = "The quick brown fox jumps over the lazy dog, and nobody is any the wiser for it. ";
      await page.goto(await publish(visit, "A long paragraph", sentence.repeat(20)));
      const characters = await page.locator(".post .prose p").evaluate((paragraph) => {
        const height = Number.parseFloat(getComputedStyle(paragraph).lineHeight);
        const lines = Math.round(paragraph.getBoundingClientRect().height / height);
        return paragraph.textContent!.length / lines;
      });
      expect(characters).toBeGreaterThan(58);
      expect(characters).toBeLessThan(72);
    }));

  it("a page that the browser has already, and is told so, still runs", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/posts");
      const path = await publish(visit, "Kept by the browser");
      // The first time it carries the message that it is public, and is not kept.
      await page.goto(path);
      await page.goto(path);
      await page.goto("/");
      const statuses: number[] = [];
      page.on("requestfinished", async (request) => {
        const sizes = await request.sizes().catch(() => null);
        if (request.isNavigationRequest() && sizes) statuses.push(sizes.responseBodySize);
      });
      await page.goto(path);
      await page.waitForFunction(() => "__remixContext" in window);
      await page.getByRole("link", { name: "All posts" }).click();
      await heading(visit, "Blog");
      expect(statuses[0], "bytes of the page that were sent").toBe(0);
    }));

  /** Presses every link and moves the pointer over everything in a text. What runs sets `__ran`. */
  const provoke = async ({ page }: Visit, where: string) => {
    await page.locator(where).evaluate((text) => {
      for (const element of text.querySelectorAll("*")) {
        for (const type of ["mouseover", "focus", "toggle"]) element.dispatchEvent(new Event(type));
      }
      for (const link of text.querySelectorAll("a")) {
        const { href } = link;
        // Nothing may lead away, but a script that stands in an address runs.
        link.addEventListener(
          "click",
          (event) => /^(https?|mailto|tel):/.test(href) && event.preventDefault(),
        );
        link.click();
      }
    });
    return page.evaluate(() => "__ran" in window);
  };

  it("nothing that is written into a post runs, also in a browser that knows no Content-Security-Policy", () =>
    open({ bypassCSP: true }, async (visit) => {
      const { page } = visit;
      page.on("dialog", (dialog) => expect.fail(dialog.message()));
      await signInTo(visit, "/posts");
      for (const vector of VECTORS) {
        await page.goto(await publish(visit, vector.replace(/\p{Cc}|\p{Zl}/gu, " ").slice(0, 200), vector));
        expect(await provoke(visit, ".post .prose"), vector).toBe(false);
      }
      await page.goto("/posts");
      expect(await provoke(visit, "main")).toBe(false);
      await page.goto("/posts/new");
      await content(visit).fill(VECTORS.join("\n\n"));
      await page.locator(".prose").waitFor();
      expect(await provoke(visit, ".prose")).toBe(false);
      // The same as HTML: what the tests before would have seen.
      await page.evaluate(
        (html) =>
          document
            .querySelector(".prose")!
            .replaceChildren(document.createRange().createContextualFragment(html)),
        `<img src=x onerror="window.__ran=1"><a href="javascript:window.__ran=1">x</a>`,
      );
      expect(await provoke(visit, ".prose")).toBe(true);
    }));

  it("nothing that is written into a post is even tried: the policy has nothing to refuse", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/posts/new");
      await content(visit).fill(VECTORS.join("\n\n"));
      await page.locator(".prose").waitFor();
      expect(await provoke(visit, ".prose")).toBe(false);
    }));

  looksRight(open, "blog", async (visit) => {
    await signInTo(visit, "/posts");
    await publish(visit, "Short");
    await publish(visit, `A rather long title ${"that goes on ".repeat(9)}`.trim(), "Word ".repeat(100));
    await visit.page.goto("/posts");
    await heading(visit, "Blog");
  });
  looksRight(open, "post", async (visit) => {
    await signInTo(visit, "/posts");
    const table = "| Month | Found |\n| :-- | --: |\n| April | 61 |";
    const text = [
      "# A",
      "Word `code` [link](/x)",
      "- a\n- b",
      "> said",
      `    ${"x".repeat(200)}`,
      "---",
      table,
    ];
    await visit.page.goto(await publish(visit, "Everything that Markdown can", text.join("\n\n")));
    await heading(visit, "Everything that Markdown can");
  });
});
