import { describe, expect, it } from "vitest";
import { redirectWithFlash, takeFlash } from "~/services/flash.server";
import { get } from "../helpers/call";

/** A browser's cookie jar, for this one cookie. */
function browser() {
  let cookie = "";
  const keep = (headers: HeadersInit) => {
    const set = new Headers(headers).get("Set-Cookie");
    if (set) cookie = /Expires=Thu, 01 Jan 1970/.test(set) ? "" : set.split(";")[0]!;
    return set;
  };
  return {
    request: (path: string, headers: Record<string, string> = {}) =>
      get(path, { ...(cookie && { Cookie: cookie }), ...headers }),
    async leave(to: string, text: string) {
      return keep((await redirectWithFlash(this.request("/action"), to, { kind: "success", text })).headers);
    },
    async visit(path: string, headers?: Record<string, string>) {
      const { flashes, headers: answer } = await takeFlash(this.request(path, headers));
      keep(answer);
      return flashes.map(({ text }) => text);
    },
    cookie: () => cookie,
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
  it("does not let a pile of them outgrow a cookie: the oldest go", async () => {
    const tab = browser();
    for (let n = 0; n < 30; n++) await tab.leave("/", `${n} ${"é".repeat(290)}`);
    expect(tab.cookie().length).toBeLessThan(4_000);
    expect((await tab.visit("/")).at(-1)).toMatch(/^29 /);
  });
  it.each(["flash=forged", "flash=eyJ3YWl0aW5nIjpbXX0=.bad", `flash=${"x".repeat(10_000)}`, "flash="])(
    "in a cookie that we did not sign (%s) is none",
    async (cookie) => {
      const { flashes } = await takeFlash(get("/", { Cookie: cookie }));
      expect(flashes).toEqual([]);
    },
  );
});
