import { createHmac, randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { heading, inBrowser, looksRight, said, signInTo, story, type Visit } from "../helpers/browser";
import { addPeople, type RunningServer, send, startServer } from "../helpers/server";
import { startWorker } from "../helpers/worker";

const SECRET = "change-me";

/** Nothing runs jobs but what a test starts. */
async function withSecret() {
  const server = await startServer({ WEBHOOK_SECRET: SECRET, RUN_JOBS: "false" });
  await addPeople(server, "boss");
  return server;
}

/** Sends an event as the tutorial's script does. */
function deliver(
  server: RunningServer,
  payload: object,
  headers: Record<string, string> = {},
  provider = "shop",
) {
  const body = JSON.stringify(payload);
  return send(server.port, {
    method: "POST",
    path: `/webhooks/${provider}/`,
    headers: {
      "Content-Type": "application/json",
      "X-Signature": createHmac("sha256", SECRET).update(body).digest("hex"),
      "X-Timestamp": String(Math.floor(Date.now() / 1000)),
      "X-Event-Id": randomUUID(),
      ...headers,
    },
    body,
  });
}

const inList = ({ page }: Visit, text: string) =>
  page.getByRole("region", { name: "Events" }).getByRole("link", { name: text });
/** The name of the event that is open. */
const opened = ({ page }: Visit, name: string) => page.getByRole("heading", { level: 2, name }).waitFor();

inBrowser(
  "webhooks",
  (open) => {
    story(open, "a test event is sent, opened, and processed", async (visit) => {
      const { page, server, scripted } = visit;
      await signInTo(visit, "/webhooks");
      await heading(visit, "Webhooks");
      const event = `tried-${scripted}`;
      await page.getByLabel("Body").fill(`{"event":"${event}","amount":12345678901234567890}`);
      await page.getByRole("button", { name: "Send test event" }).click();
      await said(visit, "The receiver answered 200 ok.");
      await opened(visit, event);
      await page.getByText('"amount": 12345678901234567890').waitFor();
      await page.getByRole("link", { name: "Raw" }).click();
      await page.getByText(`{"event":"${event}","amount":12345678901234567890}`).waitFor();
      const handled = page.getByRole("listitem").filter({ hasText: "log" }).last();
      await handled.getByText("Waiting").waitFor();
      const worker = await startWorker(server);
      const shows = async () => {
        if (!scripted) await page.reload();
        return handled.innerText();
      };
      await expect.poll(shows).toContain("Processed");
      await worker.stop();
      await page.getByRole("button", { name: "Process again" }).click();
      await said(visit, "It will be processed again.");
      await handled.getByText("Waiting").waitFor();
    });

    story(open, "a refused event says why", async (visit) => {
      const { page, server, scripted } = visit;
      const id = `refused-${scripted}`;
      const upper = createHmac("sha256", SECRET).update("{}").digest("hex").toUpperCase();
      await deliver(server, {}, { "X-Event-Id": id, "X-Signature": upper });
      await signInTo(visit, "/webhooks");
      await inList(visit, id).click();
      await page.getByText("The signature is right but written in upper case").waitFor();
      expect(await page.getByRole("button", { name: "Process again" }).count()).toBe(0);
    });

    story(
      open,
      "the list is filtered, searched, gone through, and processed again as a whole",
      async (visit) => {
        const { page, server, scripted } = visit;
        const provider = `many-${scripted}`;
        for (let n = 0; n < 55; n += 1) await deliver(server, { event: `number-${n}` }, {}, provider);
        await deliver(server, { event: "late" }, { "X-Timestamp": "0" }, provider);
        await signInTo(visit, "/webhooks");
        await page.getByText("Filters", { exact: true }).click();
        await page.getByLabel("Provider").first().selectOption(provider);
        await page.getByRole("button", { name: "Apply" }).click();
        await page.getByText("55 accepted").waitFor();
        await page.getByRole("link", { name: "Older" }).click();
        await inList(visit, "number-0").waitFor();
        await page.getByRole("link", { name: "Newer" }).click();
        await inList(visit, "number-54").waitFor();
        await page.getByLabel("Result").selectOption("Refused");
        await page.getByRole("button", { name: "Apply" }).click();
        await inList(visit, "late").waitFor();
        await inList(visit, "number-54").waitFor({ state: "detached" });
        await page.goto(`/webhooks?provider=${provider}`);
        await page.getByLabel("Search").fill("NUMBER-7");
        await page.getByRole("button", { name: "Apply" }).click();
        await inList(visit, "number-7").waitFor();
        await page.getByText("Process all again").click();
        await page.getByRole("button", { name: "Process them again" }).click();
        await said(visit, "1 event will be processed again.");
        expect(new URL(page.url()).search).toContain("q=NUMBER-7");
      },
    );

    story(
      open,
      "a test event that cannot be sent says what is wrong and keeps what was typed",
      async (visit) => {
        const { page } = visit;
        await signInTo(visit, "/webhooks");
        const provider = page.getByRole("textbox", { name: "Provider" });
        await provider.fill("no such name");
        await page.getByRole("button", { name: "Send test event" }).click();
        await page.getByRole("alert", { name: "There is a problem" }).waitFor();
        expect(await provider.inputValue()).toBe("no such name");
      },
    );

    it("an event that comes while one looks appears by itself", () =>
      open({}, async (visit) => {
        await signInTo(visit, "/webhooks");
        await visit.page.waitForLoadState("networkidle").catch(() => {});
        await deliver(visit.server, { event: "just-now" });
        await inList(visit, "just-now").waitFor();
      }));

    it("what was done is said although an event comes while its page is loaded, and that event appears, too", () =>
      open({}, async (visit) => {
        const { page, server } = visit;
        await deliver(server, { event: "looked-at-meanwhile" });
        await signInTo(visit, "/webhooks?provider=shop");
        await inList(visit, "looked-at-meanwhile").click();
        await opened(visit, "looked-at-meanwhile");
        let isFirst = true;
        await page.route("**/webhooks/events/*.data*", async (route) => {
          if (route.request().method() !== "GET" || !isFirst) return route.continue();
          isFirst = false;
          // The server has handed the message out; what the page does now is up to it.
          const response = await route.fetch();
          await deliver(server, { event: "in-between" });
          await page.waitForTimeout(1_500);
          await route.fulfill({ response }).catch(() => {});
        });
        await page.getByRole("button", { name: "Process again" }).click();
        await said(visit, "It will be processed again.");
        expect(isFirst).toBe(false);
        await inList(visit, "in-between").first().waitFor();
      }));

    it("a body is copied at a click", () =>
      open({ permissions: ["clipboard-read", "clipboard-write"] }, async (visit) => {
        const { page, server } = visit;
        await deliver(server, { event: "copied", n: 1 });
        await signInTo(visit, "/webhooks");
        await inList(visit, "copied").first().click();
        await opened(visit, "copied");
        await page.getByRole("button", { name: "Copy" }).click();
        await page.getByRole("button", { name: "Copied" }).waitFor();
        expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
          '{\n  "event": "copied",\n  "n": 1\n}',
        );
      }));

    looksRight(open, "webhooks", async (visit) => {
      for (let n = 0; n < 12; n += 1)
        await deliver(
          visit.server,
          { event: "payment.success", order: n },
          n % 4 ? {} : { "X-Timestamp": "0" },
        );
      await signInTo(visit, "/webhooks?provider=shop");
    });
    looksRight(open, "webhook event", async (visit) => {
      const payload = {
        event: "payment.success",
        order: { id: 7, lines: [{ sku: "B-12", count: 3 }] },
        note: "x".repeat(200),
      };
      await deliver(visit.server, payload, { "X-Event-Id": "looked-at" });
      await signInTo(visit, "/webhooks?q=looked-at");
      await inList(visit, "looked-at").first().click();
      await opened(visit, "payment.success");
    });
    looksRight(open, "webhook refused", async (visit) => {
      await deliver(
        visit.server,
        { event: "push" },
        { "X-Event-Id": "looked-at-refused", "X-Timestamp": "0" },
      );
      await signInTo(visit, "/webhooks?q=looked-at-refused");
      await inList(visit, "looked-at-refused").first().click();
      await visit.page.getByText("300 are allowed").waitFor();
    });
  },
  withSecret,
);
