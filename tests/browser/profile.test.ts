import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { connect } from "#models/database.server";
import {
  said as adminSaid,
  inBrowser,
  looksRight,
  sendSlowly,
  signInTo,
  story,
  type Visit,
} from "../helpers/browser";
import { folderWith } from "../helpers/folder";
import { type RunningServer, startServer } from "../helpers/server";
import { noisy, plain } from "../helpers/uploads";

const PASSWORD = "correct horse 9";
/** One for each telling of a story that signs in. */
const PEOPLE = ["ada", "grace", "hedy", "linus"];

const file = folderWith(async (file) => {
  await plain(300, 200, "#cc3333").jpeg().toFile(file("red.jpg"));
  await noisy(1500, 1200).jpeg().toFile(file("large.jpg"));
  writeFileSync(file("text.png"), "just text");
  writeFileSync(file("empty.jpg"), "");
  writeFileSync(file("six.jpg"), Buffer.alloc(6_000_000, "x"));
  writeFileSync(file("forty.jpg"), Buffer.alloc(40_000_000, "x"));
});

async function start() {
  const server = await startServer();
  for (const name of PEOPLE) {
    const { status } = spawnSync(process.execPath, ["build/manage.js", "createsuperuser", "--noinput"], {
      env: {
        ...process.env,
        DATABASE_URL: server.databaseUrl,
        TENFOLD_SUPERUSER_USERNAME: name,
        TENFOLD_SUPERUSER_PASSWORD: PASSWORD,
      },
    });
    expect(status).toBe(0);
  }
  return server;
}

/** Gives the server the demo data. */
function seed({ databaseUrl, uploads }: RunningServer) {
  const env = { ...process.env, DATABASE_URL: databaseUrl, UPLOADS: uploads };
  expect(spawnSync(process.execPath, ["build/manage.js", "seed"], { env }).status).toBe(0);
}

async function signIn({ page }: Visit, name: string) {
  await page.goto("/accounts/login?next=/profile");
  await page.getByLabel("Username").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "Your profile" }).waitFor();
}

const save = async (page: Page) => page.getByRole("button", { name: "Save" }).click();
const said = (page: Page, words: string) =>
  page.getByRole("status").getByText(words, { exact: true }).waitFor();
/** The picture on the page, once it is drawn; its width tells that it is one. */
const drawn = async (page: Page) => {
  const img = page.locator("main img.avatar");
  await img.waitFor();
  await expect
    .poll(() => img.evaluate((element: HTMLImageElement) => element.naturalWidth))
    .toBeGreaterThan(0);
  return (await img.getAttribute("src")) ?? "";
};

inBrowser(
  "profile",
  (open) => {
    story(
      open,
      "the tutorial's steps: an empty profile, a picture, and a save that keeps it",
      async (visit) => {
        const { page } = visit;
        await signIn(visit, visit.scripted ? "ada" : "grace");
        await page.getByRole("navigation").getByRole("link", { name: "Profile" }).click({ force: true });
        expect(await page.getByLabel("Display name").inputValue()).toBe("");
        expect(await page.locator("main img").count()).toBe(0);
        await page.getByLabel("Display name").fill("Ada Lovelace");
        await page.getByLabel("Bio").fill("Analyst.\nAnd metaphysician.");
        await page.getByLabel("Picture", { exact: true }).setInputFiles(file("red.jpg"));
        await save(page);
        await said(page, "Saved.");
        const first = await drawn(page);
        expect(first).toMatch(/^\/media\/avatars\//);
        expect(await page.getByLabel("Picture", { exact: true }).inputValue()).toBe("");
        await page.getByLabel("Bio").fill("Analyst.");
        // The "Saved." of the first save stands until the second is on its way.
        await Promise.all([
          page.waitForResponse((response) => response.request().method() === "POST"),
          save(page),
        ]);
        await said(page, "Saved.");
        expect(await drawn(page)).toBe(first);
        await page.reload();
        expect([await page.getByLabel("Bio").inputValue(), await drawn(page)]).toEqual(["Analyst.", first]);
        await page.getByRole("link", { name: "See it as others do" }).click();
        await page.getByRole("heading", { level: 1, name: "Ada Lovelace" }).waitFor();
        await page.getByText("Analyst.").waitFor();
        expect(await drawn(page)).toBe(first);
      },
    );

    story(open, "a picture can be removed; initials take its place", async (visit) => {
      const { page } = visit;
      await signIn(visit, visit.scripted ? "hedy" : "linus");
      await page.getByLabel("Display name").fill("Hedy Lamarr");
      await page.getByLabel("Picture", { exact: true }).setInputFiles(file("red.jpg"));
      await save(page);
      await drawn(page);
      await page.getByLabel("Remove picture").check();
      await page.getByLabel("Bio").fill("Typed before.");
      await save(page);
      expect(await page.locator("main svg.avatar").textContent()).toBe("HL");
      expect(await page.getByLabel("Remove picture").count()).toBe(0);
      expect(await page.getByLabel("Display name").inputValue()).toBe("Hedy Lamarr");
      expect(await page.getByLabel("Bio").inputValue()).toBe("Typed before.");
    });

    story(
      open,
      "what is no picture is refused in words, and nothing that was typed is lost",
      async ({ page }) => {
        for (const [name, words] of [
          ["text.png", "The picture must be a JPEG, PNG, WebP, GIF or AVIF"],
          ["empty.jpg", "The picture is empty. Choose another"],
        ] as const) {
          await page.goto("/profile");
          await page.getByLabel("Display name").fill("Typed");
          await page.getByLabel("Picture", { exact: true }).setInputFiles(file(name));
          await save(page);
          const summary = page.getByRole("alert");
          await summary.getByRole("link", { name: words }).waitFor();
          expect(await page.title()).toBe("Error: Profile · Tenfold");
          expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true);
          expect(await page.locator("#avatar-error").textContent()).toBe(words);
          expect(await page.getByLabel("Display name").inputValue()).toBe("Typed");
          await summary.getByRole("link", { name: words }).click();
          expect(
            await page.locator("#avatar").evaluate((element) => element === document.activeElement),
          ).toBe(true);
        }
      },
    );

    story(
      open,
      "a picture of 6 MB is refused with the limit, and one of 40 MB too",
      async ({ page, scripted }) => {
        await page.goto("/profile");
        await page.getByLabel("Display name").fill("Typed");
        await page.getByLabel("Picture", { exact: true }).setInputFiles(file("six.jpg"));
        await save(page);
        await page.locator("#avatar-error").getByText("The picture must be smaller than 5 MB").waitFor();
        expect(await page.getByLabel("Display name").inputValue()).toBe("Typed");
        await page.getByLabel("Picture", { exact: true }).setInputFiles(file("forty.jpg"));
        await save(page);
        const words = scripted ? "The picture must be smaller than 5 MB" : "That is too large";
        await page.getByText(words).first().waitFor();
      },
    );

    it("with JavaScript: a picture is shown before it is sent, and a bar while it is", () =>
      open({}, async ({ page }) => {
        await page.goto("/profile");
        await page.getByLabel("Display name").fill("Slow");
        await page.getByLabel("Picture", { exact: true }).setInputFiles(file("large.jpg"));
        expect(await drawn(page)).toMatch(/^blob:/);
        const bar = await sendSlowly(page, 400_000, () => save(page));
        await said(page, "Saved.");
        expect(await bar.count()).toBe(0);
        expect(await drawn(page)).toMatch(/^\/media\/avatars\//);
      }));

    it("with JavaScript: a picture that is too large is refused before it is sent", () =>
      open({}, async ({ page }) => {
        await page.goto("/profile");
        const posts: string[] = [];
        page.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
        await page.getByLabel("Picture", { exact: true }).setInputFiles(file("six.jpg"));
        await page.locator("#avatar-error").getByText("The picture must be smaller than 5 MB").waitFor();
        await save(page);
        expect(await page.locator("#avatar").evaluate((element) => element === document.activeElement)).toBe(
          true,
        );
        await page.getByLabel("Picture", { exact: true }).setInputFiles([]);
        await page.getByLabel("Display name").fill("Without");
        await save(page);
        await said(page, "Saved.");
        expect(posts).toHaveLength(1);
      }));

    it("with JavaScript: without a connection it says so, and keeps the page with all that was typed", () =>
      open({}, async ({ page }) => {
        await page.goto("/profile");
        await page.getByLabel("Display name").fill("Not sent");
        await page.getByLabel("Picture", { exact: true }).setInputFiles(file("red.jpg"));
        await page.context().setOffline(true);
        await save(page);
        await page
          .getByRole("status")
          .getByText("The server cannot be reached. Look whether this was saved before you send it again.")
          .waitFor();
        expect(await page.getByLabel("Display name").inputValue()).toBe("Not sent");
        await page.context().setOffline(false);
        await save(page);
        await said(page, "Saved.");
        expect(await page.getByLabel("Display name").inputValue()).toBe("Not sent");
      }));

    story(open, "what was typed as a name or a bio is shown as text", async (visit) => {
      const { page } = visit;
      await page.goto("/profile");
      await page.getByLabel("Display name").fill(`<img src=x onerror=alert(1)>`);
      await page.getByLabel("Bio").fill(`</textarea><script>alert(1)</script>`);
      page.on("dialog", () => expect.unreachable("a script ran"));
      await save(page);
      await said(page, "Saved.");
      await page.reload();
      expect(await page.getByLabel("Bio").inputValue()).toBe("</textarea><script>alert(1)</script>");
    });

    looksRight(open, "the profile page", async ({ page, server }) => {
      seed(server);
      await page.goto("/profile");
      await page.getByRole("heading", { level: 1, name: "Profile" }).waitFor();
      await page.getByText("Last saved").waitFor();
    });
    looksRight(open, "a refused profile", async ({ page }) => {
      await page.goto("/profile");
      await page.getByLabel("Display name").fill("");
      await page.getByLabel("Picture", { exact: true }).setInputFiles(file("text.png"));
      await save(page);
      await page.getByRole("alert").waitFor();
    });
    looksRight(open, "a person with a picture", async ({ page, server }) => {
      seed(server);
      await page.goto("/people/alan");
      await drawn(page);
    });
    looksRight(open, "a person without a picture", async ({ page, server }) => {
      seed(server);
      await page.goto("/people/emmy");
      await page.locator("svg.avatar").waitFor();
    });
  },
  start,
);

/** More people than a select holds. */
async function withMany() {
  const server = await start();
  const database = connect(server.databaseUrl);
  await database.query(
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 110)
     INSERT INTO users (username, username_key, date_joined)
     SELECT 'person-' || n, 'person-' || n, '2026-01-01 00:00:00.000 +00:00' FROM numbers`,
  );
  await database.close();
  return server;
}

inBrowser(
  "profiles in the admin",
  (open) => {
    story(
      open,
      "are given to one of many people, with a picture that is kept, changed and taken away",
      async (visit) => {
        const { page, scripted } = visit;
        const person = scripted ? "person-77" : "person-88";
        await signInTo(visit, "/admin/profile/profile/add", "ada");
        await page.getByLabel("Display name").fill("Found by search");
        await page.getByLabel("Search user").fill(person.toUpperCase());
        await page.getByLabel("Search user").press("Enter");
        await page.getByText(/^1 matches/).waitFor();
        expect(await page.getByLabel("Display name").inputValue()).toBe("Found by search");
        await page.getByRole("group", { name: "User" }).getByLabel(person).check();
        await page.getByLabel("Picture", { exact: true }).setInputFiles(file("text.png"));
        await page.getByRole("button", { name: "Save and continue editing" }).click();
        await page.getByRole("alert").getByRole("link").first().waitFor();
        expect(await page.getByRole("group", { name: "User" }).getByLabel(person).isChecked()).toBe(true);
        await page.getByLabel("Picture", { exact: true }).setInputFiles(file("red.jpg"));
        await page.getByRole("button", { name: "Save and continue editing" }).click();
        await adminSaid(visit, "Added the profile “Found by search”.");
        const picture = page.getByAltText("Picture as it is now");
        const shown = () =>
          picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth);
        await expect.poll(shown).toBe(200);
        const first = await picture.getAttribute("src");
        await page.getByLabel("Picture", { exact: true }).setInputFiles(file("large.jpg"));
        await page.getByRole("button", { name: "Save and continue editing" }).click();
        await adminSaid(visit, "Changed the profile “Found by search”.");
        await expect.poll(() => picture.getAttribute("src")).not.toBe(first);
        expect((await page.request.get(first!)).status()).toBe(404);
        await page.getByLabel("Remove picture").check();
        await page.getByRole("button", { name: "Save and continue editing" }).click();
        await expect.poll(() => picture.count()).toBe(0);
        await page.getByRole("button", { name: "Save", exact: true }).click();
        await page.getByRole("search").getByLabel("User").or(page.getByLabel("Search")).first().waitFor();
      },
    );
    looksRight(open, "admin profile", async (visit) => {
      await signInTo(visit, "/admin/profile/profile/add", "ada");
      const { page } = visit;
      await page.getByLabel("Display name").fill("Looks right");
      await page.getByLabel("Picture", { exact: true }).setInputFiles(file("red.jpg"));
      await page.getByLabel("Search user").fill("person-1");
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByText(/match “person-1”/).waitFor();
      await page.getByRole("group", { name: "User" }).getByLabel("person-109").check();
      await page.getByLabel("Picture", { exact: true }).setInputFiles(file("red.jpg"));
      await page.getByRole("button", { name: "Save and continue editing" }).click();
      await adminSaid(visit, "Added the profile “Looks right”.");
    });
  },
  withMany,
);
