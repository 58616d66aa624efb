import { expect } from "vitest";
import {
  heading,
  inBrowser,
  looksRight,
  said,
  signIn,
  signInTo,
  story,
  type Visit,
  withPeople,
} from "../helpers/browser";

/** The link in the mail to that person, read in the outbox as staff do. Afterwards nobody is signed in. */
async function linkFor(visit: Visit, username: string): Promise<string> {
  const { page } = visit;
  await signInTo(visit, "/admin/mail/mail");
  const mail = page.getByRole("link", { name: `A new password for ${username}` }).first();
  await expect
    .poll(async () => {
      await page.goto("/admin/mail/mail?status=kept");
      return mail.count();
    })
    .toBeGreaterThan(0);
  await mail.click();
  const text = await page.getByText("Set it here, within an hour").textContent();
  await page.context().clearCookies();
  return new URL(/http\S+\/accounts\/reset\/\S+/.exec(text!)![0]).pathname;
}

/** Gives a person an address, and asks for a link to it. */
async function askFor(visit: Visit, username: string) {
  const { page } = visit;
  await signInTo(visit, "/accounts", username);
  await page.getByLabel("Email").fill(`${username}@example.com`);
  await page.getByRole("button", { name: "Save" }).click();
  await said(visit, "Saved.");
  await page.context().clearCookies();
  await page.goto("/accounts/login");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await heading(visit, "Forgot your password?");
  await page.getByLabel("Email").fill(`${username.toUpperCase()}@example.com`);
  await page.getByRole("button", { name: "Send the link" }).click();
  await said(visit, /a mail with a link is on its way/);
}

inBrowser(
  "password reset",
  (open) => {
    story(
      open,
      "who forgot their password is mailed a link, and sets a new one with it, once",
      async (visit) => {
        const { page, scripted } = visit;
        const username = scripted ? "ada" : "grace";
        await askFor(visit, username);
        const link = await linkFor(visit, username);
        await page.goto(link);
        await heading(visit, "Set a new password");
        await page.getByText(`For ${username}.`).waitFor();
        const set = async (first: string, second = first) => {
          await page.getByLabel("New password", { exact: true }).fill(first);
          await page.getByLabel("New password again").fill(second);
          await page.getByRole("button", { name: "Set password" }).click();
        };
        await set("password1");
        await page.getByRole("alert").getByText("among the most common").waitFor();
        await set("battery staple 7");
        await said(visit, /Your password is changed/);
        await signIn(visit, username, "battery staple 7");
        await heading(visit, "Tenfold");
        await page.goto(link);
        await heading(visit, "This link does not work any more");
        await page.getByRole("link", { name: "Send me another" }).click();
        await heading(visit, "Forgot your password?");
      },
    );

    looksRight(open, "password reset", ({ page }) => page.goto("/accounts/password_reset").then(() => {}));
    looksRight(open, "reset link no good", ({ page }) => page.goto("/accounts/reset/x").then(() => {}));
    looksRight(open, "login with reset", ({ page }) => page.goto("/accounts/login").then(() => {}));
  },
  withPeople("boss", "ada", "grace"),
);
