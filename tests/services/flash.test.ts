import { describe, expect, it } from "vitest";
import { redirectWithFlash, takeFlash } from "~/services/flash.server";
import { get } from "../helpers/call";

/** A browser's cookies, as far as messages are concerned. */
function browser() {
  const jar = new Map<string, string>();
  const keep = (headers: Headers) => {
    for (const set of headers.getSetCookie()) {
      const [name = "", value = ""] = set.split(";")[0]!.split(/=(.*)/);
      if (/Max-Age=0/.test(set)) jar.delete(name);
      else jar.set(name, value);
    }
    return headers.get("Set-Cookie");
  };
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const request = (path: string, headers: Record<string, string> = {}) =>
    get(path, { ...(jar.size > 0 && { Cookie: cookie() }), ...headers });
  const sent = (to: string, text: string) =>
    redirectWithFlash(request("/action"), to, { kind: "success", text });
  return {
    request,
    cookie,
    /** Acts, and has the answer's cookies. */
    leave: async (to: string, text: string) => keep((await sent(to, text)).headers),
    /** Acts; the answer comes later. */
    async begin(to: string, text: string) {
      const { headers } = await sent(to, text);
      return () => keep(headers);
    },
    async visit(path: string, headers?: Record<string, string>) {
      const { flashes, headers: answer } = await takeFlash(request(path, headers));
      keep(answer);
      return flashes.map(({ text }) => text);
    },
  };
}

describe("a flash message", () => {
  it("is shown once, on the page that the redirect leads to", async () => {
    const tab = browser();
    await tab.leave("/todos?show=active#todo-1", "Saved.");
    expect(await tab.visit("/todos?show=active")).toEqual(["Saved."]);
    expect(tab.cookie()).toBe("");
    expect(await tab.visit("/todos?show=active")).toEqual([]);
  });
  it("is found among a thousand that somebody has made up, of which few are looked at", async () => {
    const tab = browser();
    await tab.leave("/todos", "Saved.");
    const made = Array.from({ length: 1_000 }, (_, n) => `flash-${String(n).padStart(8, "a")}=x`);
    const Cookie = [tab.cookie(), ...made].join("; ");
    const { flashes, headers } = await takeFlash(get("/todos", { Cookie }));
    expect(flashes).toMatchObject([{ text: "Saved." }]);
    expect(headers.getSetCookie().length).toBeLessThanOrEqual(20);
  });
  it("waits while other pages are loaded", async () => {
    const tab = browser();
    await tab.leave("/todos", "Saved.");
    expect(await tab.visit("/")).toEqual([]);
    expect(await tab.visit("/todos/trash")).toEqual([]);
    expect(await tab.visit("/todos")).toEqual(["Saved."]);
  });
  it("is shown on its page whatever else the query holds", async () => {
    const tab = browser();
    await tab.leave("/todos?show=active", "Saved.");
    expect(await tab.visit("/todos?ref=mail&show=active")).toEqual(["Saved."]);
  });
  it.each(["Sec-Purpose", "Purpose", "X-Moz"])("is not used up by a prefetch (%s)", async (name) => {
    const tab = browser();
    await tab.leave("/todos", "Saved.");
    expect(await tab.visit("/todos", { [name]: "prefetch" })).toEqual([]);
    expect(await tab.visit("/todos")).toEqual(["Saved."]);
  });
  it("joins those that still wait, for the same page and for others", async () => {
    const tab = browser();
    await tab.leave("/todos", "One.");
    await tab.leave("/todos", "Two.");
    await tab.leave("/", "Three.");
    expect(await tab.visit("/todos")).toEqual(["One.", "Two."]);
    expect(await tab.visit("/")).toEqual(["Three."]);
    expect(tab.cookie()).toBe("");
  });
  it("sets no cookie where there is none to clear", async () => {
    const { headers } = await takeFlash(get("/"));
    expect(new Headers(headers).has("Set-Cookie")).toBe(false);
  });
  it("has a cookie that scripts and other sites cannot use", async () => {
    expect(await browser().leave("/", "x")).toMatch(/; Max-Age=300; Path=\/; HttpOnly; SameSite=Lax$/);
  });
  it("has a Secure cookie where the site is reached by https", async () => {
    const request = new Request("https://tenfold.test/", { method: "POST" });
    const { headers } = await redirectWithFlash(request, "/", { kind: "success", text: "x" });
    expect(headers.get("Set-Cookie")).toContain("; Secure");
  });
  it("that is long is cut by bytes, between characters", async () => {
    const tab = browser();
    await tab.leave("/", "🔑".repeat(1_000));
    const [text] = await tab.visit("/");
    expect(text).toMatch(/^(🔑)+…$/u);
    expect(Buffer.byteLength(text!)).toBeLessThanOrEqual(600);
  });
  it("of nothing but quotes, which take more room, is shown all the same", async () => {
    const tab = browser();
    await tab.leave("/", '"'.repeat(1_000));
    expect((await tab.visit("/"))[0]).toMatch(/^"{597}…$/);
  });
  it("does not let a pile of them outgrow what a server reads: the oldest go", async () => {
    const tab = browser();
    for (let n = 0; n < 30; n++) await tab.leave("/", `${n} ${"é".repeat(290)}`);
    expect(tab.cookie().length).toBeLessThan(8_000);
    const texts = await tab.visit("/");
    expect(texts.map((text) => Number.parseInt(text, 10))).toEqual([24, 25, 26, 27, 28, 29]);
  });
  it("is left by each of two tabs that act at once, and shown once in its own", async () => {
    const both = browser();
    const answers = [
      await both.begin("/todos", "In this tab."),
      await both.begin("/contact", "In that tab."),
    ];
    for (const arrive of answers) arrive();
    expect(await both.visit("/contact")).toEqual(["In that tab."]);
    expect(await both.visit("/todos")).toEqual(["In this tab."]);
    expect(await both.visit("/contact")).toEqual([]);
    expect(both.cookie()).toBe("");
  });
  it("is left while another is being shown, and outlives its clearing", async () => {
    const both = browser();
    await both.leave("/todos", "First.");
    const arrive = await both.begin("/todos", "Second.");
    expect(await both.visit("/todos")).toEqual(["First."]);
    arrive();
    expect(await both.visit("/todos")).toEqual(["Second."]);
  });
  it("for a path too long for a cookie is given up, and the redirect still leads there", async () => {
    const to = `/${"x".repeat(5_000)}`;
    const { headers } = await redirectWithFlash(get("/action"), to, { kind: "success", text: "Saved." });
    expect([headers.get("Location"), headers.get("Set-Cookie")]).toEqual([to, null]);
  });
  it.each([
    "flash-abcdefgh=forged",
    "flash-abcdefgh=eyJ0byI6Ii8ifQ==.bad",
    `flash-abcdefgh=${"x".repeat(10_000)}`,
    "flash-abcdefgh=",
  ])("in a cookie that we did not sign (%s) is none, and the cookie is cleared", async (cookie) => {
    const { flashes, headers } = await takeFlash(get("/", { Cookie: cookie }));
    expect(flashes).toEqual([]);
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^flash-abcdefgh=;.*Max-Age=0/)]);
  });
  it.each(["flash=old", "flash-x=short", "flash-=", "x=flash-abcdefgh", "flash-abcdefghi=long"])(
    "is not looked for in what is no cookie of a message (%s)",
    async (cookie) => {
      const { flashes, headers } = await takeFlash(get("/", { Cookie: cookie }));
      expect([flashes, headers.getSetCookie()]).toEqual([[], []]);
    },
  );
});
