import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, it, onTestFinished } from "vitest";
import {
  heading,
  inBrowser,
  looksRight,
  said,
  sendSlowly,
  signIn,
  signInTo,
  story,
  type Visit,
} from "../helpers/browser";
import { launchChromium } from "../helpers/chromium";
import { folderWith } from "../helpers/folder";
import { addPeople, startServer } from "../helpers/server";
import { noisy } from "../helpers/uploads";

const file = folderWith(async (file) => {
  writeFileSync(file("terms.txt"), "These are the terms.\n");
  writeFileSync(file("terms-2.txt"), "These are other terms.\n");
  writeFileSync(file("notes.md"), "# Notes\n");
  writeFileSync(file("empty.txt"), "");
  writeFileSync(
    file("page.html"),
    "<!doctype html><title>ran</title><script>document.title = 'ran'; alert(1)</script>",
  );
  writeFileSync(file("large.bin"), Buffer.alloc(3_000_000, "x"));
  writeFileSync(file("six.bin"), Buffer.alloc(6_000_000, "x"));
  await noisy(1600, 900).blur(8).jpeg().toFile(file("harbour.jpg"));
});

const FILES = "input[type=file]";

async function upload({ page }: Pick<Visit, "page">, names: string[], title = "") {
  await page.goto("/documents/upload");
  await page.locator(FILES).setInputFiles(names.map(file));
  await page.getByLabel("Title").fill(title);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
}

/** What a download delivers, as text, and its name. */
async function downloaded({ page }: Visit) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download" }).first().click(),
  ]);
  return [download.suggestedFilename(), readFileSync(await download.path(), "utf8")];
}

inBrowser(
  "documents",
  (open) => {
    story(
      open,
      "the tutorial's steps: login, upload, list, download, and what another person gets",
      async (visit) => {
        const { page, server, scripted } = visit;
        const [other, title] = scripted ? ["grace", "Terms of Ada"] : ["linus", "Terms of Adele"];
        await page.goto("/documents");
        expect(page.url()).toContain("/accounts/login?next=%2Fdocuments");
        await signIn(visit, "boss");
        await heading(visit, "Documents");
        await page.getByRole("link", { name: "Upload", exact: true }).click();
        await heading(visit, "Upload documents");
        await page.locator(FILES).setInputFiles(file("terms.txt"));
        await page.getByLabel("Title").fill(title);
        await page.getByRole("button", { name: "Upload", exact: true }).click();
        await said(visit, `Added “${title}”.`);
        await heading(visit, title);
        const path = new URL(page.url()).pathname;
        await page.getByRole("link", { name: "All documents" }).click();
        await page.getByRole("link", { name: title, exact: true }).waitFor();
        expect(await downloaded(visit)).toEqual(["terms.txt", "These are the terms.\n"]);

        await open({ javaScriptEnabled: scripted }, async (second) => {
          await signInTo(second, "/documents", other);
          await second.page.getByText("Nothing is kept here yet.").waitFor();
          expect((await second.page.goto(path))?.status()).toBe(404);
          await heading(second, "Nothing is here");
          const groups = "INSERT INTO groups (name) SELECT 'admin' WHERE NOT EXISTS (SELECT 1 FROM groups)";
          const { connect } = await import("#models/database.server");
          const database = connect(server.databaseUrl);
          await database.query(groups);
          await database.query(
            `INSERT INTO user_groups (user_id, group_id) SELECT u.id, g.id FROM users u, groups g WHERE u.username = '${other}'`,
          );
          await database.close();
          await second.page.goto("/documents");
          await second.page.getByRole("link", { name: title, exact: true }).waitFor();
          await second.page.goto(path);
          expect(await downloaded(second)).toEqual(["terms.txt", "These are the terms.\n"]);
        });
        await page.goto(path);
        await page.getByText(`Downloaded by ${other}`).waitFor();
      },
    );

    story(open, "several files at once, a search, a new version, the trash and back", async (visit) => {
      const { page } = visit;
      const who = visit.scripted ? "ada" : "emmy";
      await signInTo(visit, "/documents", who);
      await upload(visit, ["terms.txt", "notes.md", "harbour.jpg"]);
      await said(visit, "Added 3 documents.");
      await page.getByText("3 documents", { exact: true }).waitFor();
      await page.getByLabel("Search by title or file name").fill("HARB jpg");
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByText("1 document found.").waitFor();
      await page.getByRole("link", { name: "harbour", exact: true }).click();
      const picture = page.getByAltText("harbour");
      await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1200);
      await page.getByRole("link", { name: "Edit" }).click();
      await heading(visit, "Edit document");
      const path = new URL(page.url()).pathname.replace("/edit", "");
      await page.getByLabel("Title").fill("New terms");
      await page.locator(FILES).setInputFiles(file("terms-2.txt"));
      await page.getByRole("button", { name: "Save" }).click();
      await said(visit, "Saved “New terms”.");
      await heading(visit, "New terms");
      expect(new URL(page.url()).pathname).toBe(path);
      expect(await downloaded(visit)).toEqual(["terms-2.txt", "These are other terms.\n"]);
      await page.getByRole("button", { name: "Delete" }).click();
      await said(visit, "Deleted “New terms”.");
      await page.getByText("2 documents", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Undo" }).click();
      await said(visit, "Restored “New terms”.");
      await page.goto(path);
      await page.getByRole("button", { name: "Delete" }).click();
      await page.getByText("2 documents", { exact: true }).waitFor();
      await page.getByRole("link", { name: "Trash" }).click();
      await page.getByText("Delete for good").click();
      await page.getByRole("button", { name: "Yes, for good" }).click();
      await said(visit, "Deleted “New terms” for good, and its file.");
      await page.getByText("The trash is empty").waitFor();
    });

    story(
      open,
      "what is wrong with a file is said at its field, and nothing that was typed is lost",
      async (visit) => {
        const { page } = visit;
        await signInTo(visit, "/documents/upload");
        for (const [names, words] of [
          [[], "Choose a file"],
          [["empty.txt"], "“empty.txt” is empty. Choose another"],
        ] as const) {
          await upload(visit, [...names], "Typed");
          await page.getByRole("alert").getByRole("link", { name: words }).waitFor();
          expect(await page.title()).toBe("Error: Upload documents · Tenfold");
          expect(await page.locator("#file-error").textContent()).toBe(words);
          expect(await page.getByLabel("Title").inputValue()).toBe("Typed");
        }
        await upload(visit, ["six.bin"], "Typed");
        await page
          .locator("#file-error")
          .getByText(/must be smaller than 5 MB/)
          .waitFor();
        expect(await page.getByLabel("Title").inputValue()).toBe("Typed");
      },
    );

    story(open, "a page that somebody uploads is read as text, and nothing in it runs", async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/documents/upload");
      await upload(visit, ["page.html"]);
      await heading(visit, "page");
      const link = (await page.getByRole("link", { name: "Read the text" }).getAttribute("href"))!;
      // Chromium notes on the console that a sandboxed page has no origin of its own: not a complaint.
      const context = await page
        .context()
        .browser()!
        .newContext({
          baseURL: visit.server.url,
          javaScriptEnabled: visit.scripted,
          storageState: await page.context().storageState(),
        });
      const other = await context.newPage();
      other.on("dialog", () => expect.unreachable("a script ran"));
      await other.goto(link);
      expect(await other.title()).not.toBe("ran");
      expect(await other.locator("body").textContent()).toContain("<!doctype html><title>ran</title>");
      expect(await other.evaluate(() => [document.contentType, self.origin])).toEqual(["text/plain", "null"]);
      await context.close();
    });

    it("a PDF is shown in a page of its own, although nothing in it may run", () =>
      open({}, async ({ server }) => {
        const browser = await launchChromium(process.env.CHROMIUM);
        onTestFinished(() => browser.close());
        const viewport = { width: 500, height: 400 };
        const page = await browser.newPage({ baseURL: server.url, viewport });
        await page.setContent("<style>html { background: #0a0 }</style>");
        writeFileSync(file("green.pdf"), await page.pdf({ printBackground: true }));
        await signInTo({ page }, "/documents/upload");
        await upload({ page }, ["green.pdf"]);
        const [shown] = await Promise.all([
          page.waitForEvent("popup"),
          page.getByRole("link", { name: "Look at the PDF" }).click(),
        ]);
        const middle = async () => {
          const region = { left: 250, top: 200, width: 1, height: 1 };
          const pixel = await sharp(await shown.screenshot())
            .extract(region)
            .raw()
            .toBuffer();
          return [...pixel.subarray(0, 3)];
        };
        await expect.poll(middle).toEqual([0, 170, 0]);
      }));

    it("with JavaScript: a bar shows how much of the files has been sent", () =>
      open({}, async (visit) => {
        const { page } = visit;
        await signInTo(visit, "/documents/upload");
        await page.locator(FILES).setInputFiles([file("large.bin"), file("terms.txt")]);
        await sendSlowly(page, 800_000, () =>
          page.getByRole("button", { name: "Upload", exact: true }).click(),
        );
        await said(visit, "Added 2 documents.");
      }));

    story(open, "a superuser has every file checked, and is told what is damaged", async (visit) => {
      const { page, server } = visit;
      await signInTo(visit, "/documents/upload");
      await upload(visit, ["terms.txt"], visit.scripted ? "Flipped" : "Turned");
      const title = visit.scripted ? "Flipped" : "Turned";
      await heading(visit, title);
      const { connect } = await import("#models/database.server");
      const database = connect(server.databaseUrl);
      const [[row]] = await database.query(`SELECT key FROM documents WHERE title = '${title}'`);
      await database.close();
      writeFileSync(join(server.uploads, (row as { key: string }).key), "These are the germs.\n");
      await page.goto("/documents/vault");
      await page.getByRole("button", { name: "Check now" }).click();
      await said(visit, "The check has begun.");
      await expect
        .poll(async () => {
          if (!visit.scripted) await page.reload();
          return page.getByRole("link", { name: title, exact: true }).count();
        })
        .toBe(1);
      await page.getByText("damaged", { exact: true }).first().waitFor();
    });

    const seed = ({ server }: Visit) => {
      const env = { ...process.env, DATABASE_URL: server.databaseUrl, UPLOADS: server.uploads };
      expect(
        spawnSync(process.execPath, ["build/manage.js", "seed", "--documents", "14"], { env }).status,
      ).toBe(0);
    };
    looksRight(open, "documents", async (visit) => {
      seed(visit);
      await signInTo(visit, "/documents");
      await heading(visit, "Documents");
    });
    looksRight(open, "documents empty", async (visit) => {
      await signInTo(visit, "/documents", "hedy");
      await heading(visit, "Documents");
    });
    looksRight(open, "document upload refused", async (visit) => {
      await signInTo(visit, "/documents/upload");
      await upload(visit, ["empty.txt"], "Typed");
      await visit.page.getByRole("alert").waitFor();
    });
    looksRight(open, "document", async (visit) => {
      await signInTo(visit, "/documents/upload");
      await upload(visit, ["harbour.jpg"], "The harbour, as seen from the office");
      await heading(visit, "The harbour, as seen from the office");
      await expect
        .poll(() =>
          visit.page.locator(".preview img").evaluate((image: HTMLImageElement) => image.naturalWidth),
        )
        .toBeGreaterThan(0);
    });
    looksRight(open, "document edit", async (visit) => {
      await signInTo(visit, "/documents/upload");
      await upload(visit, ["terms.txt"]);
      await visit.page.getByRole("link", { name: "Edit" }).click();
      await heading(visit, "Edit document");
    });
    looksRight(open, "documents trash", async (visit) => {
      await signInTo(visit, "/documents/upload");
      await upload(visit, ["notes.md"]);
      await visit.page.getByRole("button", { name: "Delete" }).click();
      await said(visit, "Deleted “notes”.");
      await visit.page.goto("/documents/trash");
      await heading(visit, "Deleted documents");
    });
    looksRight(open, "documents vault", async (visit) => {
      const { databaseUrl, uploads } = visit.server;
      try {
        execFileSync(process.execPath, ["build/manage.js", "vault", "verify"], {
          env: { ...process.env, DATABASE_URL: databaseUrl, UPLOADS: uploads },
          stdio: "ignore",
        });
      } catch {
        // It found what other stories have damaged.
      }
      await signInTo(visit, "/documents/vault");
      await heading(visit, "Vault check");
    });
  },
  async () => {
    const server = await startServer({ DOCUMENT_LIMIT: "5 MB" });
    await addPeople(server, "boss", "ada", "emmy", "grace", "linus", "hedy");
    return server;
  },
);
