import { expect } from "vitest";
import { heading, inBrowser, looksRight, signIn, signInTo, story, withPeople } from "../helpers/browser";
import { PASSWORD } from "../helpers/server";

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
        await signInTo(one, "/accounts", name);
        await heading(one, "Your account");
      }
      await page.getByLabel("Display name").fill("Prof. Dr. <b>");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Saved.").waitFor();
      await page.getByRole("navigation").getByText("Prof. Dr. <b>").waitFor();

      await page.getByRole("link", { name: "Change password" }).click();
      await page.getByLabel("Current password").fill(PASSWORD);
      await page.getByLabel("New password", { exact: true }).fill("battery staple 7");
      await page.getByLabel("New password again").fill("battery staple 8");
      await page.getByRole("button", { name: "Change password" }).click();
      await page.getByRole("alert").getByText("The two new passwords differ").waitFor();
      await page.getByLabel("Current password").fill(PASSWORD);
      await page.getByLabel("New password", { exact: true }).fill("battery staple 7");
      await page.getByLabel("New password again").fill("battery staple 7");
      await page.getByRole("button", { name: "Change password" }).click();
      await page.getByText("You are signed out everywhere else.").waitFor();
      await elsewhere.page.goto("/accounts");
      await heading(elsewhere, "Sign in");
      await other.close();
    });

    story(open, "a form sent after the session has ended says that a login is needed", async (visit) => {
      const { page, scripted } = visit;
      await signInTo(visit, "/accounts", "ada");
      await heading(visit, "Your account");
      await page.context().clearCookies();
      await page.getByLabel("Email").fill("new@example.com");
      await page.getByRole("button", { name: "Save" }).click();
      if (scripted) {
        await page.getByText("You are signed out. Sign in in another tab, then send this again.").waitFor();
        expect(await page.getByLabel("Email").inputValue()).toBe("new@example.com");
        await page.goto("/accounts");
      } else await page.getByText("Sign in first. Nothing was changed").waitFor();
      await signIn(visit, "ada");
      await heading(visit, "Your account");
      expect(await page.getByLabel("Email").inputValue()).toBe("");
    });

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
        await signInTo(visit, path, "ada");
        await visit.page.getByRole("heading", { level: 1 }).waitFor();
      });
    }
  },
  withPeople("ada", "grace", "hedy", "linus"),
);
