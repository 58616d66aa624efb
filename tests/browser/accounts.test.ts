import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { inBrowser, looksRight, story, type Visit } from "../helpers/browser";
import { startServer } from "../helpers/server";

const PASSWORD = "correct horse 9";

function addPeople(databaseUrl: string) {
  for (const name of ["ada", "grace", "hedy", "linus"]) {
    const { status } = spawnSync(process.execPath, ["build/manage.js", "createsuperuser", "--noinput"], {
      env: {
        ...process.env,
        DATABASE_URL: databaseUrl,
        TENFOLD_SUPERUSER_USERNAME: name,
        TENFOLD_SUPERUSER_PASSWORD: PASSWORD,
      },
    });
    expect(status).toBe(0);
  }
}

async function start() {
  const server = await startServer();
  addPeople(server.databaseUrl);
  return server;
}

async function signIn({ page }: Visit, name: string, password = PASSWORD) {
  await page.getByLabel("Username").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const heading = ({ page }: Visit, name: string) => page.getByRole("heading", { level: 1, name }).waitFor();

inBrowser(
  "accounts",
  (open) => {
    story(
      open,
      "a page that needs a login asks for it and comes back; signing out leaves nothing",
      async (visit) => {
        const { page } = visit;
        await page.goto("/accounts/sessions");
        await heading(visit, "Sign in");
        await signIn(visit, "ada");
        await heading(visit, "Where you are signed in");
        await page.getByText("Chrome on Linux").first().waitFor();
        await page.getByRole("button", { name: "Sign out", exact: true }).last().waitFor();
        await page.getByRole("navigation").getByRole("button", { name: "Sign out" }).click();
        await heading(visit, "Sign in");
        await page.getByText("You are signed out.").waitFor();
        await page.goto("/accounts");
        await heading(visit, "Sign in");
      },
    );

    story(
      open,
      "a wrong password is refused with the name kept and the error first to be read",
      async (visit) => {
        const { page } = visit;
        await page.goto("/accounts/login");
        await signIn(visit, "grace", "wrong");
        await page.getByRole("alert").getByText("Username and password do not match").waitFor();
        expect(await page.title()).toMatch(/^Error: /);
        expect(await page.getByLabel("Username").inputValue()).toBe("grace");
        expect(await page.evaluate(() => document.activeElement?.className)).toBe("problem");
        await signIn(visit, "grace");
        await heading(visit, "Tenfold");
      },
    );

    story(open, "name and password can be changed; other browsers are signed out", async (visit) => {
      const { page, scripted, server } = visit;
      const name = scripted ? "hedy" : "linus";
      const other = await page.context().browser()!.newContext({ baseURL: server.url });
      const elsewhere = { ...visit, page: await other.newPage() };
      for (const one of [visit, elsewhere]) {
        await one.page.goto("/accounts/login?next=/accounts");
        await signIn(one, name);
        await heading(one, "Your account");
      }
      await page.getByLabel("Display name").fill("Prof. Dr. <b>");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Saved.").waitFor();
      await page.getByRole("navigation").getByText("Prof. Dr. <b>").waitFor();

      await page.getByRole("link", { name: "Change password" }).click();
      await page.getByLabel("Present password").fill(PASSWORD);
      await page.getByLabel("New password", { exact: true }).fill("battery staple 7");
      await page.getByLabel("New password again").fill("battery staple 8");
      await page.getByRole("button", { name: "Change password" }).click();
      await page.getByRole("alert").getByText("The two new passwords differ").waitFor();
      await page.getByLabel("Present password").fill(PASSWORD);
      await page.getByLabel("New password", { exact: true }).fill("battery staple 7");
      await page.getByLabel("New password again").fill("battery staple 7");
      await page.getByRole("button", { name: "Change password" }).click();
      await page.getByText("You are signed out everywhere else.").waitFor();
      await elsewhere.page.goto("/accounts");
      await heading(elsewhere, "Sign in");
      await other.close();
    });

    it("a form sent after the session has ended elsewhere says that a login is needed", () =>
      open({}, async (visit) => {
        const { page } = visit;
        await page.goto("/accounts/login?next=/accounts");
        await signIn(visit, "ada");
        await heading(visit, "Your account");
        await page.context().clearCookies();
        await page.getByLabel("Email").fill("new@example.com");
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText("Sign in first. Nothing was changed").waitFor();
        await signIn(visit, "ada");
        await heading(visit, "Your account");
        expect(await page.getByLabel("Email").inputValue()).toBe("");
      }));

    looksRight(open, "login", ({ page }) => page.goto("/accounts/login").then(() => {}));
    looksRight(open, "login refused", async (visit) => {
      await visit.page.goto("/accounts/login");
      await visit.page.getByRole("button", { name: "Sign in" }).click();
      await visit.page.getByRole("alert").waitFor();
    });
    for (const [name, path] of [
      ["account", "/accounts"],
      ["password change", "/accounts/password_change"],
      ["sessions", "/accounts/sessions"],
    ] as const) {
      looksRight(open, name, async (visit) => {
        await visit.page.goto(`/accounts/login?next=${path}`);
        await signIn(visit, "ada");
        await visit.page.waitForURL(`**${path}`);
        await visit.page.getByRole("heading", { level: 1 }).waitFor();
      });
    }
  },
  start,
);
