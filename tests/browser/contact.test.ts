import { expect, it } from "vitest";
import { heading, inBrowser, looksRight, said, signInTo, story, type Visit } from "../helpers/browser";

const fill = async ({ page }: Visit, topic: string, message = "They are blank.") => {
  await page.getByLabel("Email address").fill("mary@example.com");
  await page.getByLabel("Topic").fill(topic);
  await page.getByLabel("Message", { exact: true }).fill(message);
};
const send = ({ page }: Visit) => page.getByRole("button", { name: "Send message" }).click();
const status = ({ page }: Visit) => page.getByRole("status").textContent();

inBrowser("contact", (open) => {
  story(open, "a full form says that it was sent, with a reference, once", async (visit) => {
    const { page, scripted } = visit;
    await page.goto("/contact");
    await fill(visit, `Badges, JavaScript ${scripted}`);
    await send(visit);
    await said(visit, /^Message sent\. Your reference is C-\d+\.$/);
    expect(await page.getByLabel("Topic").inputValue()).toBe("");
    await page.reload();
    expect(await status(visit)).toBe("");
  });

  story(open, "a form with faults says each twice, leads to each field, and loses nothing", async (visit) => {
    const { page } = visit;
    await page.goto("/contact");
    await page.getByLabel("Email address").fill("mary");
    await page.getByLabel("Message", { exact: true }).fill("Kept\nas it is");
    await send(visit);
    const summary = page.getByRole("alert", { name: "There is a problem" });
    await summary.waitFor();
    expect(await page.title()).toBe("Error: Contact · Tenfold");
    expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await summary.getByRole("link").allTextContents()).toEqual([
      "Enter an email address in the correct format, like name@example.com",
      "Enter a topic",
    ]);
    for (const [label, words] of [
      ["Email address", "Enter an email address in the correct format"],
      ["Topic", "Enter a topic"],
    ] as const) {
      await summary.getByRole("link", { name: words }).click();
      const field = page.getByLabel(label);
      await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
      const described = (await field.getAttribute("aria-describedby"))!.split(" ");
      const texts = await Promise.all(described.map((id) => page.locator(`#${id}`).textContent()));
      expect(texts.join(" ")).toContain(words);
    }
    expect(await page.getByLabel("Email address").inputValue()).toBe("mary");
    expect(await page.getByLabel("Message", { exact: true }).inputValue()).toBe("Kept\nas it is");
    await fill(visit, "Now it is right", `Sent from ${page.url()} at last`);
    await send(visit);
    await said(visit, /^Message sent\./);
    expect(await page.title()).toBe("Contact · Tenfold");
  });

  story(open, "the trap is neither seen nor reached by the keyboard", async ({ page }) => {
    await page.goto("/contact");
    const trap = page.locator("#homepage");
    const box = (await trap.boundingBox())!;
    expect(box.x + box.width).toBeLessThan(0);
    await page.getByLabel("Message", { exact: true }).focus();
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => document.activeElement?.textContent);
    expect(focused).toBe("Send message");
  });

  story(open, "staff find a message, answer it by mail, and mark it as read", async (visit) => {
    const { page, scripted } = visit;
    const topic = `For staff, JavaScript ${scripted}`;
    await page.goto("/contact");
    await fill(visit, topic);
    await send(visit);
    await said(visit, /Message sent/);
    const reference = (await status(visit))!.match(/C-\d+/)![0];
    expect(await page.getByRole("link", { name: "Read messages" }).count()).toBe(0);
    await signInTo(visit, "/contact");
    await page.getByRole("link", { name: "Read messages" }).click();
    await heading(visit, "Messages");
    await page.goto(`/admin/contact/message?q=${reference}`);
    await page.getByRole("link", { name: reference }).click();
    await heading(visit, `${reference} ${topic}`);
    const reply = page.getByRole("link", { name: "Reply" });
    expect(await reply.getAttribute("href")).toBe(
      `mailto:mary@example.com?subject=${encodeURIComponent(`Re: ${topic} [${reference}]`)}`,
    );
    await page.getByRole("button", { name: "Mark as read" }).click();
    await said(visit, "Changed 1 message.");
    await page.goto(`/admin/contact/message?unread=no&q=${reference}`);
    await page.getByRole("link", { name: reference }).waitFor();
  });

  story(open, "two tabs that send at once each say so once, on the page where they land", async (visit) => {
    const { page } = visit;
    const other = { ...visit, page: await page.context().newPage() };
    await page.goto("/contact");
    await signInTo(other, "/accounts");
    await heading(other, "Your account");
    await fill(visit, `From two tabs, JavaScript ${visit.scripted}`);
    await other.page.getByLabel("Display name").fill("The boss");
    await Promise.all([send(visit), other.page.getByRole("button", { name: "Save" }).click()]);
    await said(visit, /^Message sent/);
    await said(other, "Saved.");
    expect(await page.getByRole("status").locator("p").count()).toBe(1);
    expect(await other.page.getByRole("status").locator("p").count()).toBe(1);
    for (const tab of [page, other.page]) await tab.reload();
    expect([await status(visit), await status(other)]).toEqual(["", ""]);
    await other.page.close();
  });

  it("a message that cannot be sent says so, and stays to be sent again", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await page.goto("/contact");
      await fill(visit, "From a tunnel");
      await page.context().setOffline(true);
      await send(visit);
      await said(
        visit,
        "The server cannot be reached. Look whether this was saved before you send it again.",
      );
      expect(await page.getByLabel("Topic").inputValue()).toBe("From a tunnel");
      await page.context().setOffline(false);
      await send(visit);
      await said(visit, /^Message sent/);
      expect(await page.getByLabel("Topic").inputValue()).toBe("");
    }));

  it("a message waits for its page while another tab prefetches it, loads it in the background, or goes elsewhere", () =>
    open({}, async (visit) => {
      const { page } = visit;
      const other = await page.context().newPage();
      await other.goto("/");
      await page.goto("/contact");
      await fill(visit, "With onlookers");
      let land = () => {};
      await page.route("**/contact.data", async (route) => {
        if (route.request().method() !== "GET") return route.continue();
        await new Promise<void>((go) => {
          land = go;
        });
        await route.continue();
      });
      const posted = page.waitForResponse((response) => response.request().method() === "POST");
      await send(visit);
      await posted;
      const prefetched = other.waitForResponse((response) => response.url().endsWith("/contact"));
      await other.evaluate(() => {
        const link = document.createElement("link");
        link.rel = "prefetch";
        link.href = "/contact";
        document.head.append(link);
      });
      await prefetched;
      // What a fetcher's `load` asks for: the route's own loader, and not the frame's.
      await other.evaluate(async () => {
        await (await fetch("/contact.data?_routes=features%2Fcontact%2Fcontact")).text();
      });
      await other.goto("/accounts/login");
      expect(await other.getByRole("status").textContent()).toBe("");
      land();
      await said(visit, /^Message sent/);
      await other.close();
    }));

  looksRight(open, "contact", ({ page }) => page.goto("/contact").then(() => {}));
  looksRight(open, "contact refused", async (visit) => {
    await visit.page.goto("/contact");
    await visit.page.getByLabel("Email address").fill("mary");
    await send(visit);
    await visit.page.getByRole("alert").waitFor();
  });
  looksRight(open, "contact sent", async (visit) => {
    await visit.page.goto("/contact");
    await fill(visit, "A look");
    await send(visit);
    await said(visit, /^Message sent/);
  });
  looksRight(open, "contact inbox", async (visit) => {
    await visit.page.goto("/contact");
    await fill(visit, "A look");
    await send(visit);
    await said(visit, /^Message sent/);
    await signInTo(visit, "/admin/contact/message");
    await visit.page
      .getByRole("link", { name: /^C-\d+$/ })
      .first()
      .click();
    await visit.page.getByRole("link", { name: "Reply" }).waitFor();
  });
});
