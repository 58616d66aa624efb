import { type AddressInfo, connect as connectTcp, createServer, type Socket } from "node:net";
import type { Locator } from "playwright-core";
import { describe, expect, it, onTestFinished } from "vitest";
import { heading, inBrowser, looksRight, signInTo, story, type Visit } from "../helpers/browser";
import { addPeople, PASSWORD, post, type RunningServer, sessionCookie, startServer } from "../helpers/server";
import { address, connect } from "../helpers/socket";

/** A message of a text, once it is stored. */
const message = ({ page }: Visit, text: string) =>
  page.getByRole("log").getByRole("listitem").filter({ hasText: text });

/** Whether a message is seen without scrolling. */
const isInSight = (one: Locator) =>
  one.evaluate((element) => {
    const [list, here] = [element.closest(".said")!, element].map((one) => one.getBoundingClientRect());
    return here!.top >= list!.top && here!.bottom <= list!.bottom;
  });

/** What is said of the connection, to who cannot see it as well. */
const connection = ({ page }: Pick<Visit, "page">) => page.locator("[aria-live=polite][role=status].line");

const connected = (visit: Pick<Visit, "page">) =>
  connection(visit).getByText("Connected", { exact: true }).waitFor();

/** Writes as one does on this page: without JavaScript it has to be kept from being loaded anew first. */
async function write({ page, scripted }: Visit, text: string, name?: string) {
  if (!scripted) await page.getByRole("link", { name: "Write a message" }).click();
  if (name !== undefined) await page.getByLabel("Your name").fill(name);
  await page.getByRole("textbox", { name: "Message" }).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

/** Somebody else says something, or several things. */
async function says(
  server: RunningServer,
  texts: string | string[],
  room = "general",
  username = "Somebody",
) {
  const client = await connect(server.port, `/ws/chat/${room}`, { keep: true, localAddress: address() });
  for (const text of [texts].flat()) client.send({ username, text });
  for (const text of [texts].flat()) await client.got({ text });
  client.socket.close();
}

/** A server with rooms, in one of which 120 lines were said. */
async function withRooms() {
  const server = await startServer();
  const boss = await addPeople(server, "boss", "ada", "bob");
  const topics = { Long: "", Other: "", Empty: "", Fast: "", Warehouse: "Racks, forklifts, deliveries" };
  for (const [name, topic] of Object.entries(topics)) {
    const fields = { name, slug: name.toLowerCase(), topic };
    expect((await post(server, "/admin/chat/room/add", fields, boss)).status).toBe(303);
  }
  for (let start = 1; start <= 120; start += 20)
    await says(
      server,
      Array.from({ length: 20 }, (_, n) => `line ${start + n}.`),
      "long",
    );
  return server;
}

/** A conversation to look at. */
async function talk(server: RunningServer) {
  const login = await post(server, "/accounts/login", { username: "ada", password: PASSWORD });
  const ada = { Cookie: sessionCookie(login).split(";")[0]! };
  const adaSays = (text: string) => post(server, "/chat/warehouse", { text }, ada);
  await says(
    server,
    ["Good morning! The delivery from Hamburg is here, a day early.", "Twelve pallets."],
    "warehouse",
    "Jürgen",
  );
  await adaSays("Morning. Are they dry?");
  await says(
    server,
    "Two are wet at the corner, I have put them aside: https://example.com/deliveries/4711/pictures",
    "warehouse",
    "Jürgen",
  );
  await says(
    server,
    `Please nobody opens them before the carrier has seen them. ${"It takes until noon. ".repeat(8)}And so on.`,
    "warehouse",
    "Mary Ward",
  );
  await adaSays("I write to them.\nThen we can order on Thursday.");
  await adaSays("Done.");
}

/** The way to a server, which can be cut and comes back, or loses what is under way on it without a word. */
async function road({ port }: RunningServer) {
  const open = new Set<Socket>();
  const lines: Socket[] = [];
  let isCut = false;
  const proxy = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connectTcp(port, "127.0.0.1");
    near.on("data", (bytes) => {
      if (/^upgrade: websocket/im.test(bytes.toString("latin1"))) lines.push(near, far);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one
        .on("error", () => {})
        .on("close", () => {
          open.delete(one);
          other.destroy();
        });
      one.pipe(other);
    }
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  const cut = () => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    proxy.close();
  });
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    cut,
    /** From here on nothing comes through the WebSockets that are open, and nobody is told. */
    swallow: () => {
      for (const socket of lines) socket.unpipe().pause();
    },
    mend: () => {
      isCut = false;
    },
  };
}

inBrowser(
  "the chat",
  (open) => {
    story(
      open,
      "a guest reads, says something under a name that is asked for once, and says more",
      async (visit) => {
        const { page, server, scripted } = visit;
        const mark = scripted ? "js" : "no js";
        await says(server, `hello ${mark}`);
        await page.goto("/chat");
        await heading(visit, "General");
        await message(visit, `hello ${mark}`).waitFor();
        await write(visit, `good morning ${mark}`, "Mary");
        await message(visit, `good morning ${mark}`).getByText("Mary").waitFor();
        await write(visit, `and more ${mark}`);
        await message(visit, `and more ${mark}`).getByText("Mary").waitFor();
        expect(await page.getByLabel("Your name").inputValue()).toBe("Mary");
        await page.goto("/chat/general");
        // It may have been on its way when the page was loaded; then it is sent once more, and counts once.
        await message(visit, `and more ${mark}`).waitFor();
        expect(await message(visit, `and more ${mark}`).count()).toBe(1);
      },
    );

    story(
      open,
      "what is too long stays as it was typed and is said to be, until something shorter is sent",
      async (visit) => {
        const { page, scripted } = visit;
        const field = page.getByRole("textbox", { name: "Message" });
        await page.goto("/chat/general");
        // The first one goes by the form, which asks for a name, and those after it over the line.
        for (const name of ["Mary", undefined]) {
          await write(visit, "x".repeat(2_001), name);
          const words = "Message must be 2,000 characters or fewer; it has 2,001";
          await page.getByRole("alert").getByText(words).waitFor();
          expect(await field.inputValue()).toHaveLength(2_001);
          const shorter = `${name ?? "again"} shorter, scripts ${scripted}`;
          await field.fill(shorter);
          await page.getByRole("button", { name: "Send" }).click();
          await message(visit, shorter).waitFor();
          await page.getByRole("alert").waitFor({ state: "detached" });
          if (scripted) expect(await field.inputValue()).toBe("");
        }
      },
    );

    story(
      open,
      "who is signed in writes under their own name, changes a message and deletes it",
      async (visit) => {
        const { page, scripted } = visit;
        const mark = scripted ? "js" : "no js";
        await signInTo(visit, "/chat/general", "ada");
        await write(visit, `a mistkae ${mark}`);
        await message(visit, `a mistkae ${mark}`).getByText("ada").waitFor();
        await page.goto("/chat/general");
        await message(visit, `a mistkae ${mark}`).getByRole("link", { name: /^Edit/ }).click();
        await heading(visit, "Edit your message");
        await page.getByRole("textbox", { name: "Message" }).fill(`no mistake ${mark}`);
        await page.getByRole("button", { name: "Save" }).click();
        await message(visit, `no mistake ${mark} (edited)`).getByRole("link", { name: /^Edit/ }).click();
        await page.getByText("Delete", { exact: true }).click();
        await page.getByRole("button", { name: "Delete it for everybody" }).click();
        await page.getByRole("status").getByText("Deleted the message.").waitFor();
        await page.getByRole("log").getByText("Deleted", { exact: true }).last().waitFor();
        expect(await page.getByText(`no mistake ${mark}`).count()).toBe(0);
      },
    );

    it.each([true, false])(
      "times are of the reader’s clock where it is known, and else say that they are of UTC, JavaScript %s",
      (javaScriptEnabled) =>
        open({ javaScriptEnabled, timezoneId: "Asia/Kathmandu" }, async (visit) => {
          const { page, server } = visit;
          await says(server, "what time is it?", "other");
          await page.goto("/chat/other");
          const time = message(visit, "what time is it?").last().locator("time");
          const at = new Date((await time.getAttribute("datetime"))!);
          const zone = javaScriptEnabled ? "Asia/Kathmandu" : "UTC";
          const clock = at.toLocaleTimeString("sv", { timeZone: zone, timeStyle: "short" });
          await expect.poll(() => time.textContent()).toBe(clock);
          const day = page.locator(".said .day").last();
          expect(await day.textContent()).toBe(javaScriptEnabled ? "Today" : "Today, UTC");
        }),
    );

    story(open, "earlier messages come page by page, and a link leads to one of them", async (visit) => {
      const { page, scripted } = visit;
      await page.goto("/chat/long");
      await message(visit, "line 120.").waitFor();
      expect(await message(visit, "line 60.").count()).toBe(0);
      await page.getByRole("link", { name: "Earlier messages" }).click();
      await message(visit, "line 60.").waitFor();
      // With JavaScript they come to what is there already.
      expect(await message(visit, "line 120.").count()).toBe(scripted ? 1 : 0);
      await page.goto("/chat/long?before=42#m17");
      await message(visit, "line 17.").waitFor();
      expect(await page.locator("#m17").evaluate((one) => one.matches(":target"))).toBe(true);
      await expect.poll(() => isInSight(page.locator("#m17"))).toBe(true);
      await page.getByRole("link", { name: /, link to message 12$/ }).click();
      await page.waitForURL("/chat/long?before=37#m12");
      await expect.poll(() => isInSight(page.locator("#m12"))).toBe(true);
      await page.getByRole("link", { name: "Newest messages" }).click();
      await message(visit, "line 120.").waitFor();
    });

    describe("without JavaScript", () => {
      it("the page loads itself anew, but not while one writes, and can be refreshed", () =>
        open({ javaScriptEnabled: false }, async ({ page }) => {
          const refreshes = () => page.locator('meta[http-equiv="refresh"]').count();
          await page.goto("/chat/general");
          expect(await refreshes()).toBe(1);
          await page.getByRole("link", { name: "Refresh" }).click();
          expect(await page.getByRole("textbox", { name: "Message" }).isVisible()).toBe(false);
          await page.getByRole("link", { name: "Write a message" }).click();
          expect(await refreshes()).toBe(0);
          expect(await page.getByRole("textbox", { name: "Message" }).isVisible()).toBe(true);
        }));
    });

    describe("with JavaScript", () => {
      it("the page does not load itself anew: there is the line", () =>
        open({}, async (visit) => {
          await visit.page.goto("/chat/general");
          await connected(visit);
          expect(await visit.page.locator('meta[http-equiv="refresh"]').count()).toBe(0);
        }));

      it("what is said in one tab appears at once in the other, and the other works on when it is closed", () =>
        open({}, async (one) => {
          await signInTo(one, "/chat", "ada");
          const page = await one.page.context().newPage();
          const two = { ...one, page };
          await page.goto("/chat");
          await connected(one);
          await connected(two);
          await write(one, "from the first tab");
          await message(two, "from the first tab").waitFor();
          await message(one, "from the first tab").getByText("Sent").waitFor();
          await one.page.close();
          await write(two, "and on it goes");
          await message(two, "and on it goes").waitFor();
        }));

      it("what is written while the server is away is kept, and sent once when it is back; what was said meanwhile is there", () =>
        open({}, async (visit) => {
          const { page, server } = visit;
          const way = await road(server);
          await signInTo(visit, `${way.url}/chat/general`, "ada");
          await connected(visit);
          way.cut();
          await connection(visit)
            .getByText(/^Reconnecting in \d+ s…$/)
            .waitFor();
          await write(visit, "written in the tunnel");
          await write(visit, "and one more");
          await message(visit, "written in the tunnel").getByText("Waiting to be sent").waitFor();
          await says(server, "said meanwhile");
          way.mend();
          await connected(visit);
          await message(visit, "said meanwhile").waitFor();
          await message(visit, "and one more").getByText("Sent", { exact: true }).waitFor();
          await page.reload();
          for (const text of ["written in the tunnel", "and one more", "said meanwhile"])
            expect(await message(visit, text).count(), text).toBe(1);
        }));

      it("what is written into a connection that is dead has failed after 10 s; another is made, and Retry sends it once", () =>
        open({}, async (visit) => {
          const { page, server } = visit;
          const way = await road(server);
          await page.clock.install();
          await signInTo(visit, `${way.url}/chat/general`, "ada");
          await connected(visit);
          way.swallow();
          await write(visit, "into the void");
          await message(visit, "into the void").getByText("Sending…", { exact: true }).waitFor();
          await page.clock.fastForward(10_000);
          const failed = message(visit, "Not sent: the server does not answer");
          await failed.waitFor();
          await connection(visit)
            .getByText(/^Reconnecting in \d+ s…$/)
            .waitFor();
          await page.clock.fastForward(1_000);
          await connected(visit);
          await failed.getByRole("button", { name: "Retry" }).click();
          await message(visit, "into the void").getByText("Sent", { exact: true }).waitFor();
          await page.reload();
          expect(await message(visit, "into the void").count()).toBe(1);
        }));

      it("the page stays, with what is typed, when it looks for news while the server is away", () =>
        open({}, async (visit) => {
          const { page } = visit;
          await page.clock.install();
          await page.goto("/chat/other");
          await connected(visit);
          const writing = page.getByRole("textbox", { name: "Message" });
          await writing.fill("Half a sentence");
          const looks: string[] = [];
          page.on("request", (request) => looks.push(new URL(request.url()).pathname));
          await page.context().setOffline(true);
          await page.clock.fastForward(31_000);
          await expect.poll(() => looks).toContain("/healthz");
          await page.clock.fastForward(31_000);
          await page.context().setOffline(false);
          await page.clock.fastForward(31_000);
          await expect.poll(() => looks.some((path) => path.endsWith(".data"))).toBe(true);
          expect(await writing.inputValue()).toBe("Half a sentence");
          await heading(visit, "Other");
        }));

      it("what the server refuses is marked, and can be tried again or discarded", () =>
        open({}, async (visit) => {
          const { page } = visit;
          await signInTo(visit, "/chat/general", "ada");
          await connected(visit);
          await page.getByRole("textbox", { name: "Message" }).fill("\u200b");
          await page.getByRole("button", { name: "Send" }).click();
          const failed = page.getByRole("listitem").filter({ hasText: "Not sent: Enter a message" });
          await failed.waitFor();
          await failed.getByRole("button", { name: "Retry" }).click();
          await failed.waitFor();
          await failed.getByRole("button", { name: "Discard" }).click();
          await failed.waitFor({ state: "detached" });
        }));

      it("what is written faster than is allowed is sent a little later, in order", () =>
        open({}, async (visit) => {
          const { page } = visit;
          await signInTo(visit, "/chat/fast", "ada");
          await connected(visit);
          for (let n = 0; n < 25; n++) {
            await page.getByRole("textbox", { name: "Message" }).fill(`fast ${n}.`);
            await page.keyboard.press("Enter");
          }
          await message(visit, "fast 24.").getByText("Sent", { exact: true }).waitFor();
          await page.reload();
          const texts = await page.getByRole("log").locator(".text").allInnerTexts();
          expect(texts).toEqual(Array.from({ length: 25 }, (_, n) => `fast ${n}.`));
        }));

      it("who has scrolled up stays where they are, and is told what is new", () =>
        open({}, async (visit) => {
          const { page, server } = visit;
          await page.goto("/chat/long");
          await connected(visit);
          await page.getByRole("log").evaluate((log) => log.scrollTo({ top: -600 }));
          const line = message(visit, "line 105.");
          const before = (await line.boundingBox())!.y;
          for (let n = 1; n <= 3; n++) await says(server, `new ${n}`, "long");
          await page.getByRole("button", { name: "3 new messages" }).waitFor();
          expect(Math.abs((await line.boundingBox())!.y - before)).toBeLessThan(3);
          await page
            .getByRole("link", { name: "Earlier messages" })
            .evaluate((link: HTMLElement) => link.click());
          await message(visit, "line 60.").waitFor();
          expect(Math.abs((await line.boundingBox())!.y - before)).toBeLessThan(3);
          await page.getByRole("button", { name: "3 new messages" }).click();
          await expect.poll(() => message(visit, "new 3").isVisible()).toBe(true);
        }));

      it("what came since one was here stands under a line, and is counted in the list of rooms", () =>
        open({}, async (visit) => {
          const { page, server } = visit;
          await signInTo(visit, "/chat/other", "ada");
          await connected(visit);
          await page.goto("/chat/general");
          await says(server, "first news", "other");
          await says(server, "second news", "other");
          await page.goto("/chat/general");
          await page.getByRole("link", { name: "Other 2 unread" }).click();
          await heading(visit, "Other");
          const lines = await page.getByRole("log").locator("li").allInnerTexts();
          expect(lines.indexOf("New messages")).toBe(
            lines.findIndex((text) => text.includes("first news")) - 1,
          );
          await page.goto("/chat/general");
          await page.getByRole("link", { name: "Other", exact: true }).waitFor();
        }));

      it("what others change and delete changes where one looks at it", () =>
        open({}, async (visit) => {
          const { page } = visit;
          await signInTo(visit, "/chat/general", "ada");
          await connected(visit);
          await write(visit, "to be changed");
          await message(visit, "to be changed").getByText("Sent", { exact: true }).waitFor();
          const other = await page.context().newPage();
          await other.goto("/chat/general");
          await other
            .getByRole("listitem")
            .filter({ hasText: "to be changed" })
            .getByRole("link", { name: /^Edit/ })
            .click();
          await heading({ ...visit, page: other }, "Edit your message");
          await other.getByRole("textbox", { name: "Message" }).fill("has been changed");
          await other.getByRole("button", { name: "Save" }).click();
          await message(visit, "has been changed (edited)").waitFor();
        }));

      it("an address in a message is a link, and markup is text", () =>
        open({}, async (visit) => {
          const { page, server } = visit;
          await says(server, "<b>look</b> at https://example.com/a?b=1&c=2. <img src=x onerror=alert(1)>");
          await page.goto("/chat/general");
          const link = page.getByRole("link", { name: "https://example.com/a?b=1&c=2", exact: true });
          expect(await link.getAttribute("href")).toBe("https://example.com/a?b=1&c=2");
          await page.getByText("<img src=x onerror=alert(1)>").waitFor();
        }));
    });

    it("the rooms stand to the left of what is said in one, and above it on a narrow screen", () =>
      open({ javaScriptEnabled: false }, async ({ page }) => {
        await page.goto("/chat/long");
        const boxes = () =>
          Promise.all([".rooms", ".room"].map(async (part) => (await page.locator(part).boundingBox())!));
        await page.setViewportSize({ width: 1280, height: 800 });
        const [left, right] = await boxes();
        expect([left!.x + left!.width <= right!.x, left!.y === right!.y]).toEqual([true, true]);
        await page.setViewportSize({ width: 360, height: 800 });
        const [above, below] = await boxes();
        expect(above!.y + above!.height).toBeLessThanOrEqual(below!.y);
      }));

    looksRight(open, "chat", async (visit) => {
      await talk(visit.server);
      await signInTo(visit, "/chat/warehouse", "ada");
      await connected(visit);
    });
    looksRight(open, "chat guest", async (visit) => {
      await visit.page.goto("/chat/empty");
      await connected(visit);
    });
    looksRight(open, "chat edit", async (visit) => {
      await signInTo(visit, "/chat/general", "ada");
      await connected(visit);
      await write(visit, "to be looked at");
      await message(visit, "to be looked at").getByText("Sent", { exact: true }).waitFor();
      await message(visit, "to be looked at").getByRole("link", { name: /^Edit/ }).click();
      await heading(visit, "Edit your message");
    });
    it("a page of messages without JavaScript fits", () =>
      open({ javaScriptEnabled: false, viewport: { width: 360, height: 800 } }, async ({ page }) => {
        await page.goto("/chat/long");
        await page.screenshot({ path: "build/screenshots/chat-no-script-360.png" });
        await page.setViewportSize({ width: 1280, height: 800 });
        await page.goto("/chat/long?write#text");
        await page.screenshot({ path: "build/screenshots/chat-no-script-1280.png" });
        expect(await page.getByRole("textbox", { name: "Message" }).isVisible()).toBe(true);
      }));
  },
  withRooms,
);
