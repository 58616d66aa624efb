import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { heading, inBrowser, looksRight, said, signInTo, story, type Visit } from "../helpers/browser";
import { folderWith } from "../helpers/folder";
import { noisy, plain } from "../helpers/uploads";
import { content, fill, press, publish } from "./blog-form";

const file = folderWith(async (file) => {
  await plain(320, 180, "#cc3333").jpeg().toFile(file("red.jpg"));
  await noisy(1500, 1200).jpeg().toFile(file("large.jpg"));
  writeFileSync(file("text.png"), "just text");
  writeFileSync(file("eleven.jpg"), Buffer.alloc(11_000_000, "x"));
});

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

inBrowser("pictures of the blog", (open) => {
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
      await said(
        visit,
        "The server cannot be reached. Look whether this was saved before you send it again.",
      );
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

  looksRight(open, "writing a post", async (visit) => {
    await signInTo(visit, "/posts/new");
    await visit.page.getByLabel("Content").fill("## Heading\n\nText");
    await choose(visit, "red.jpg");
    await visit.page.getByLabel("Description").fill("A red wall");
    await press(visit, "Add picture");
    await drawn(visit);
  });
});
