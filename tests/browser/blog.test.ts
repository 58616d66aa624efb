import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { slugOf } from "~/components/slug";
import { VECTORS } from "../features/blog/xss";
import { heading, inBrowser, looksRight, said, signInTo, story, type Visit } from "../helpers/browser";
import { folderWith } from "../helpers/folder";
import { noisy, plain } from "../helpers/uploads";

const fill = async ({ page }: Visit, title: string, content = "Some *text*") => {
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Content").fill(content);
};
const press = ({ page }: Visit, name: string) => page.getByRole("button", { name, exact: true }).click();

/** Sends the form of a new post without opening it. */
async function publish({ page, server }: Visit, title: string, content = "Some *text*", state = "published") {
  const form = { title, content, state };
  const headers = { Origin: server.url };
  const answer = await page.request.post("/posts/new", { form, headers, maxRedirects: 0 });
  expect(answer.status()).toBe(303);
  return answer.headers().location!;
}

const file = folderWith(async (file) => {
  await plain(320, 180, "#cc3333").jpeg().toFile(file("red.jpg"));
  await noisy(1500, 1200).jpeg().toFile(file("large.jpg"));
  writeFileSync(file("text.png"), "just text");
  writeFileSync(file("eleven.jpg"), Buffer.alloc(11_000_000, "x"));
});

const content = ({ page }: Visit) => page.getByLabel("Content");
async function unfold({ page }: Visit) {
  const closed = page.locator("details:not([open]) > summary", { hasText: "Add a picture" });
  if (await closed.count()) await closed.click();
}
async function choose(visit: Visit, name: string) {
  await unfold(visit);
  await visit.page.getByLabel("File").setInputFiles(file(name));
}
/** Waits until a picture is drawn; its width tells that it is one. */
const drawn = async ({ page }: Visit, where = ".prose") => {
  const picture = page.locator(`${where} img`).first();
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  return picture;
};
/** Gives the text a file, as by the clipboard or the mouse. */
const give = ({ page }: Visit, kind: "paste" | "drop", ...names: string[]) =>
  content({ page } as Visit).evaluate(
    (area, { kind, files }) => {
      const data = new DataTransfer();
      for (const bytes of files) {
        const binary = Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0));
        data.items.add(new File([binary], "x.jpg", { type: "image/jpeg" }));
      }
      const init = { bubbles: true, cancelable: true };
      area.dispatchEvent(
        kind === "paste"
          ? new ClipboardEvent("paste", { ...init, clipboardData: data })
          : new DragEvent("drop", { ...init, dataTransfer: data }),
      );
    },
    { kind, files: names.map((name) => readFileSync(file(name), "base64")) },
  );

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

  story(open, "a picture is added to a post, looked at, and shown", async (visit) => {
    const { page } = visit;
    await signInTo(visit, "/posts/new");
    await unfold(visit);
    await press(visit, "Add picture");
    await page.getByRole("alert").getByRole("link", { name: "Choose a picture" }).waitFor();
    await fill(visit, visit.scripted ? "With a picture" : "With a picture too", "Before");
    await choose(visit, "text.png");
    await press(visit, "Add picture");
    await page.getByRole("alert").getByText("must be a JPEG, PNG, WebP, GIF or AVIF").waitFor();
    expect(await content(visit).inputValue()).toBe("Before");
    await choose(visit, "red.jpg");
    await page.getByLabel("Description").fill("A red [wall]");
    await press(visit, "Add picture");
    await page.getByText("The picture is in the text now.").waitFor();
    expect(await content(visit).inputValue()).toMatch(
      /^Before\n\n!\[A red \\\[wall\\\]\]\(\/media\/posts\/[\w-]+\.webp#320x180\)$/,
    );
    expect(await page.getByLabel("Description").inputValue()).toBe("");
    expect(await page.getByLabel("File").inputValue()).toBe("");
    await drawn(visit);
    await page.getByLabel("Public", { exact: true }).check();
    await press(visit, "Save");
    await heading(visit, /With a picture/);
    const picture = await drawn(visit, ".post");
    expect(await picture.getAttribute("alt")).toBe("A red [wall]");
    const shape = await picture.evaluate((img) => img.clientWidth / img.clientHeight);
    expect(shape).toBeCloseTo(320 / 180, 1);
  });

  story(open, "a picture that is chosen and not added is in the post that is saved", async (visit) => {
    const { page } = visit;
    await signInTo(visit, "/posts/new");
    await fill(visit, visit.scripted ? "Saved at once" : "Saved at once too", "Before");
    await choose(visit, "red.jpg");
    await press(visit, "Save");
    await heading(visit, /Saved at once/);
    await drawn(visit, ".post");
    await page.getByText("Before").waitFor();
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

  it("a picture goes where the cursor is, and what is typed meanwhile stays", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/posts");
      const path = await publish(visit, "Cursor", "First\n\nLast");
      await page.goto(`${path}/edit`);
      await content(visit).evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(5, 5));
      await choose(visit, "large.jpg");
      const network = await page.context().newCDPSession(page);
      await network.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: 400_000,
      });
      await press(visit, "Add picture");
      await page.getByRole("progressbar", { name: "Upload" }).waitFor();
      await content(visit).press("!");
      await page.getByText("The picture is in the text now.").waitFor();
      expect(await content(visit).inputValue()).toMatch(/^First!\n\n!\[\]\(\S+#1500x1200\)\n\nLast$/);
      await drawn(visit);
      await press(visit, "Save");
      await heading(visit, "Cursor");
      await drawn(visit, ".post");
    }));

  it.each(["paste", "drop"] as const)("a picture can be given to the text by %s, one at a time", (kind) =>
    open({}, async (visit) => {
      await signInTo(visit, "/posts/new");
      await content(visit).fill("Before");
      await give(visit, kind, "red.jpg", "large.jpg");
      await said(visit, "One picture at a time. Nothing was added.");
      expect(await content(visit).inputValue()).toBe("Before");
      await give(visit, kind, "red.jpg");
      await drawn(visit);
      expect(await content(visit).inputValue()).toMatch(/^Before\n\n!\[\]\(\S+#320x180\)$/);
      await give(visit, kind, "large.jpg");
      await expect.poll(() => content(visit).inputValue()).toMatch(/#320x180\)\n\n!\[\]\(\S+#1500x1200\)$/);
    }),
  );

  it("a picture that is too large says so before it is sent, and one without a connection takes nothing away", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/posts/new");
      await fill(visit, "Not lost");
      const posts: string[] = [];
      await choose(visit, "eleven.jpg");
      await page.locator("#picture-error").getByText("The picture must be smaller than 10 MB").waitFor();
      page.on("request", (request) => /\.data$/.test(request.url()) && posts.push(request.url()));
      await press(visit, "Add picture");
      expect(posts).toEqual([]);
      await choose(visit, "red.jpg");
      await page.context().setOffline(true);
      await press(visit, "Add picture");
      await said(visit, "The server cannot be reached. Nothing was changed.");
      expect(await page.getByLabel("Title").inputValue()).toBe("Not lost");
      await page.context().setOffline(false);
      await press(visit, "Add picture");
      await drawn(visit);
      expect(await content(visit).inputValue()).toMatch(/^Some \*text\*\n\n!\[\]/);
    }));

  it("who was signed out meanwhile keeps what was typed, and can save it after signing in again", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/posts/new");
      await fill(visit, "Signed out");
      await choose(visit, "red.jpg");
      await page.context().clearCookies();
      await press(visit, "Save");
      await said(visit, "You are signed out. Sign in in another tab, then send this again.");
      await heading(visit, "Write a post");
      expect(await page.getByLabel("Title").inputValue()).toBe("Signed out");
      const other = await page.context().newPage();
      await signInTo({ ...visit, page: other }, "/posts");
      await press(visit, "Save");
      await heading(visit, "Signed out");
      await drawn(visit, ".post");
    }));

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
        for (const button of ["Save", "Preview"]) {
          await press(visit, button);
          await said(visit, "The server cannot be reached. Nothing was changed.");
          expect(await typedIn()).toBe("Some *text*");
        }
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
  looksRight(open, "writing a post", async (visit) => {
    await signInTo(visit, "/posts/new");
    await visit.page.getByLabel("Content").fill("## Heading\n\nText");
    await choose(visit, "red.jpg");
    await visit.page.getByLabel("Description").fill("A red wall");
    await press(visit, "Add picture");
    await drawn(visit);
  });
});
