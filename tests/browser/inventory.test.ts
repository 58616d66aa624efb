import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { heading, inBrowser, looksRight, said, signInTo, story, type Visit } from "../helpers/browser";
import { addPeople, form, type RunningServer, send, sessionCookie, startServer } from "../helpers/server";

const names = (page: Page) => page.locator(".items td:first-child a").allTextContents();
const pageOf = (page: Page) => page.locator(".pages small").textContent();
const item = ({ page }: Visit, name: string) => page.getByRole("heading", { level: 2, name }).waitFor();

const PASSWORD = "correct horse 9";

/** 30 items: 24 bolts of which the first is out, and 6 nuts. */
async function withItems() {
  const server = await startServer();
  await addPeople(server, "boss");
  const login = await send(server.port, {
    method: "POST",
    path: "/accounts/login",
    ...form({ username: "boss", password: PASSWORD }),
  });
  const Cookie = sessionCookie(login);
  for (let n = 1; n <= 30; n += 1) {
    const number = String(n).padStart(2, "0");
    await addItem(server, Cookie, {
      name: n <= 24 ? `Bolt M8 × ${number}` : `Écrou ${number}`,
      sku: `${n <= 24 ? "BLT" : "ECR"}-${number}`,
      quantity: String(n - 1),
      location: n % 2 ? "Rack A" : "Rack B",
      low_stock: "3",
      price: "",
    });
  }
  return server;
}

async function addItem(server: RunningServer, Cookie: string, fields: Record<string, string>) {
  const { headers, body } = form(fields);
  const answer = await send(server.port, {
    method: "POST",
    path: "/inventory/new",
    headers: { ...headers, Cookie },
    body,
  });
  expect(answer.status).toBe(303);
}

/** What follows by itself with JavaScript, and by the button without. */
async function search({ page, scripted }: Visit, text: string) {
  await page.getByLabel("Search by name or SKU").fill(text);
  if (!scripted) await page.getByRole("button", { name: "Search" }).click();
}

inBrowser(
  "the inventory",
  (open) => {
    story(
      open,
      "the tutorial's steps: 20 on the first page, Next, and a search that the pages keep",
      async (visit) => {
        const { page } = visit;
        await page.goto("/inventory");
        await heading(visit, "Inventory");
        await page.getByText("30 items, 4 low").waitFor();
        expect(await names(page)).toHaveLength(20);
        expect(await pageOf(page)).toBe("Page 1 of 2");
        await page.getByRole("link", { name: "Next" }).click();
        await page.getByText("Page 2 of 2").waitFor();
        expect(await names(page)).toHaveLength(10);
        await search(visit, "bOLT");
        await page.getByText("24 items found").waitFor();
        expect(await pageOf(page)).toBe("Page 1 of 2");
        await page.getByRole("link", { name: "Next" }).click();
        await page.getByText("Page 2 of 2").waitFor();
        expect(new URL(page.url()).searchParams.get("q")).toBe("bOLT");
        expect(await names(page)).toEqual(["21", "22", "23", "24"].map((n) => `Bolt M8 × ${n}`));
        await search(visit, "ÉCROU ecr");
        await page.getByText("6 items found").waitFor();
        await search(visit, "nothing like it");
        await page.getByText("Nothing matches").waitFor();
        await page.getByRole("link", { name: "Show all" }).click();
        await page.getByText("30 items, 4 low").waitFor();
      },
    );

    story(open, "filters and columns are part of the address", async (visit) => {
      const { page, scripted } = visit;
      await page.goto("/inventory");
      await page.getByLabel("Location").selectOption("Rack A");
      if (!scripted) await page.getByRole("button", { name: "Search" }).click();
      await page.getByText("15 items found").waitFor();
      await page.getByLabel("Low stock").check();
      if (!scripted) await page.getByRole("button", { name: "Search" }).click();
      await page.getByText("2 items found").waitFor();
      await page.getByRole("link", { name: "Quantity" }).click();
      await page.locator('[aria-sort="ascending"]', { hasText: "Quantity" }).waitFor();
      await page.getByRole("link", { name: "Quantity" }).click();
      await page.locator('[aria-sort="descending"]', { hasText: "Quantity" }).waitFor();
      expect(await names(page)).toEqual(["Bolt M8 × 03", "Bolt M8 × 01"]);
      await page.goto(page.url());
      expect(await names(page)).toEqual(["Bolt M8 × 03", "Bolt M8 × 01"]);
      expect(await page.getByLabel("Low stock").isChecked()).toBe(true);
    });

    it("what is chosen and typed while the page comes alive is listed once it is", () =>
      open({}, async ({ page }) => {
        let release = () => {};
        const held = new Promise<void>((resolve) => {
          release = resolve;
        });
        await page.route("**/assets/entry.client-*.js", async (route) => {
          await held;
          await route.continue();
        });
        await page.goto("/inventory", { waitUntil: "commit" });
        await page.getByLabel("Location").selectOption("Rack A");
        await page.getByLabel("Search by name or SKU").pressSequentially("blt-0");
        release();
        await page.getByText("5 items found").waitFor();
        expect(new URL(page.url()).search).toBe("?q=blt-0&location=Rack+A");
        expect(await page.getByLabel("Location").inputValue()).toBe("Rack A");
        await page.getByLabel("Low stock").check();
        await page.getByText("2 items found").waitFor();
        await page.goBack();
        await page.getByText("5 items found").waitFor();
        await page.goBack();
        await page.getByText("30 items, 4 low").waitFor();
      }));

    it("results follow what is typed; one stretch of typing is one step back", () =>
      open({}, async (visit) => {
        const { page } = visit;
        await page.goto("/inventory?page=2");
        const field = page.getByLabel("Search by name or SKU");
        await field.pressSequentially("blt-0", { delay: 40 });
        await page.getByText("9 items found").waitFor();
        await field.pressSequentially("7", { delay: 40 });
        await page.getByText("1 item found").waitFor();
        expect(new URL(page.url()).search).toBe("?q=blt-07");
        expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
        await page.goBack();
        await page.getByText("Page 2 of 2").waitFor();
        expect(await field.inputValue()).toBe("");
        expect(new URL(page.url()).search).toBe("?page=2");
        await page.goForward();
        await page.getByText("1 item found").waitFor();
        expect(await field.inputValue()).toBe("blt-07");
      }));

    it("a filter keeps the focus when it is changed, and follows the address where that changes otherwise", () =>
      open({}, async ({ page }) => {
        await page.goto("/inventory", { waitUntil: "networkidle" });
        const low = page.getByLabel("Low stock");
        const location = page.getByLabel("Location");
        await location.focus();
        await page.keyboard.press("ArrowDown");
        await page.getByText("15 items found").waitFor();
        expect(await location.evaluate((element) => element === document.activeElement)).toBe(true);
        await page.keyboard.press("Tab");
        await page.keyboard.press("Space");
        await page.getByText("2 items found").waitFor();
        expect(await low.evaluate((element) => element === document.activeElement)).toBe(true);
        await page.goBack();
        await page.getByText("15 items found").waitFor();
        expect([await location.inputValue(), await low.isChecked()]).toEqual(["Rack A", false]);
        await page.getByRole("link", { name: "Show all" }).click();
        await page.getByText("30 items, 4 low").waitFor();
        expect(await location.inputValue()).toBe("");
      }));

    it("a booking that does not reach the server says so, and keeps the page and what was typed", () =>
      open({}, async (visit) => {
        const { page } = visit;
        await signInTo(visit, "/inventory?q=blt-05");
        await page.getByRole("link", { name: "Bolt M8 × 05" }).click();
        await item(visit, "Bolt M8 × 05");
        const quantity = page.getByLabel("Quantity", { exact: true });
        await quantity.fill("3");
        await page.context().setOffline(true);
        await page.getByRole("button", { name: "Book" }).click();
        await said(
          visit,
          "The server cannot be reached. Look whether this was saved before you send it again.",
        );
        expect(await quantity.inputValue()).toBe("3");
        await page.context().setOffline(false);
        await page.getByRole("button", { name: "Book" }).click();
        await said(visit, "Stock went up by 3 to 7.");
      }));

    story(open, "an item opens beside the list, which stays as it is", async (visit) => {
      const { page } = visit;
      await page.goto("/inventory?q=bolt&page=2");
      await page.getByRole("link", { name: "Bolt M8 × 22" }).click();
      await item(visit, "Bolt M8 × 22");
      expect(new URL(page.url()).search).toBe("?q=bolt&page=2");
      expect(await names(page)).toHaveLength(4);
      await page.getByRole("img", { name: /^Stock over the last day: from 21 to 21/ }).waitFor();
      expect(await page.getByRole("button", { name: "Book" }).count()).toBe(0);
      await page.getByRole("link", { name: "Bolt M8 × 23" }).click();
      await item(visit, "Bolt M8 × 23");
      await page.getByRole("link", { name: "Close" }).click();
      await page.getByRole("heading", { level: 2 }).waitFor({ state: "detached" });
      expect(new URL(page.url()).search).toBe("?q=bolt&page=2");
    });

    story(
      open,
      "stock is received, issued and counted, and what cannot be is said at its field",
      async (visit) => {
        const { page } = visit;
        await signInTo(visit, "/inventory?q=blt-12");
        await page.getByRole("link", { name: "Bolt M8 × 12" }).click();
        await item(visit, "Bolt M8 × 12");
        const before = Number(await page.locator(".stat b").textContent());
        const book = async (way: string, quantity: string, reference = "") => {
          await page.getByLabel("Movement").selectOption(way);
          await page.getByLabel("Quantity", { exact: true }).fill(quantity);
          await page.getByLabel("Reference").fill(reference);
          await page.getByRole("button", { name: "Book" }).click();
        };
        await book("Receive", "100", "PO 4711");
        await said(visit, `Stock went up by 100 to ${before + 100}.`);
        await page.getByRole("listitem").filter({ hasText: "Received, PO 4711" }).first().waitFor();
        await book("Issue", "5000", "Workshop");
        await page
          .locator("#amount-error")
          .getByText(`Only ${before + 100} in stock`)
          .waitFor();
        expect(await page.getByLabel("Quantity", { exact: true }).inputValue()).toBe("5000");
        expect(await page.getByLabel("Movement").inputValue()).toBe("issue");
        await book("Count", String(before));
        await said(visit, `Stock went down by 100 to ${before}.`);
        expect(await page.getByLabel("Quantity", { exact: true }).inputValue()).toBe("");
      },
    );

    story(open, "who may adds an item and edits it, and is told of a SKU that is taken", async (visit) => {
      const { page, scripted } = visit;
      const sku = `NEW-${scripted}`;
      await signInTo(visit, "/inventory");
      await page.getByRole("link", { name: "Add item" }).click();
      await page.getByLabel("Name", { exact: true }).fill("Zahnrad");
      await page.getByLabel("SKU", { exact: true }).fill("blt-01");
      await page.getByLabel("Price").fill("1,5");
      await page.getByLabel("Quantity", { exact: true }).fill("8");
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator("#sku-error").getByText("Another item has this SKU already").waitFor();
      await page.getByLabel("SKU", { exact: true }).fill(sku);
      await page.getByRole("button", { name: "Save" }).click();
      await said(visit, "Added “Zahnrad”.");
      await item(visit, "Zahnrad");
      await page.getByText("1.50").waitFor();
      await page.getByRole("link", { name: "Edit" }).click();
      await page.getByLabel("Name", { exact: true }).fill("Zahnrad, groß");
      await page.getByRole("button", { name: "Save" }).click();
      await said(visit, "Saved “Zahnrad, groß”.");
      await item(visit, "Zahnrad, groß");
      // The next story counts what there is.
      const path = new URL(page.url()).pathname.replace("/inventory/", "/admin/inventory/item/");
      await page.goto(`${path}/delete`);
      await page.getByRole("button", { name: "Delete" }).click();
      await said(visit, /Deleted/);
    });

    story(open, "what the list shows can be saved as a file", async (visit) => {
      const { page } = visit;
      await page.goto("/inventory?q=bolt&sort=-sku");
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: "Download CSV" }).click(),
      ]);
      expect(file.suggestedFilename()).toBe("inventory.csv");
      const chunks: Buffer[] = [];
      for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
      const lines = Buffer.concat(chunks).toString().trim().split("\r\n");
      expect(lines).toHaveLength(25);
      expect(lines[1]).toContain("BLT-24");
    });

    looksRight(open, "inventory", async (visit) => {
      await signInTo(visit, "/inventory?q=bolt");
      await heading(visit, "Inventory");
    });
    looksRight(open, "inventory item", async (visit) => {
      await signInTo(visit, "/inventory?q=bolt");
      const path = await visit.page.locator(".items a").last().getAttribute("href");
      await visit.page.goto(path!);
      await visit.page.getByLabel("Quantity", { exact: true }).fill("10000");
      await visit.page.getByLabel("Movement").selectOption("Issue");
      await visit.page.getByRole("button", { name: "Book" }).click();
      await visit.page.locator("#amount-error").waitFor();
    });
    looksRight(open, "inventory new", async (visit) => {
      await signInTo(visit, "/inventory/new");
    });
    looksRight(open, "inventory empty", async ({ page }) => {
      await page.goto("/inventory?q=nothing+like+it");
    });
  },
  withItems,
);
