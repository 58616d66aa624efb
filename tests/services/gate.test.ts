import { data, type ServerBuild } from "@remix-run/node";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readForm } from "~/services/forms.server";
import { gated, isCrossSite, methodsOf } from "~/services/gate.server";
import { call, get, post } from "../helpers/call";

const Page = () => null;
const loader = () => null;

/** The route module `module` behind the gate. */
function behindGate(module: object) {
  const build = { routes: { x: { id: "x", module } } } as unknown as ServerBuild;
  return gated(build).routes.x!.module as {
    loader?: () => unknown;
    action: () => unknown;
    default?: unknown;
  };
}

describe("the methods of a route module", () => {
  it.each([
    ["a page", { default: Page, loader }, "GET, HEAD"],
    ["a page with a form", { default: Page, loader, action: loader }, "GET, HEAD, POST"],
    ["a page without data", { default: Page }, "GET, HEAD"],
    ["a download", { loader }, "GET, HEAD"],
    ["a button's target", { action: loader }, "POST"],
  ])("of %s are known from what it exports", (_, exports, methods) => {
    expect(methodsOf(exports).join(", ")).toBe(methods);
  });
});

describe("the gate", () => {
  it("answers 405 with Allow to a POST where there is no action", async () => {
    const { status, headers } = await call(behindGate({ default: Page, loader }).action, post("/"));
    expect([status, headers.get("Allow")]).toEqual([405, "GET, HEAD"]);
  });
  it("answers 405 with Allow to a GET where there is only an action", async () => {
    const { status, headers } = await call(behindGate({ action: loader }).loader!, get("/"));
    expect([status, headers.get("Allow")]).toEqual([405, "POST"]);
  });
  it.each(["PUT", "PATCH", "DELETE"])("answers 405 with Allow to %s", async (method) => {
    const module = behindGate({ default: Page, loader, action: () => "reached" });
    const answer = await call(module.action, new Request("http://tenfold.test/", { method }));
    expect([answer.status, answer.headers.get("Allow")]).toEqual([405, "GET, HEAD, POST"]);
  });
  it("sends the refusal of a resource route, which has no page, as a Response", async () => {
    const refused = async () => {
      throw data(null, { status: 404, statusText: "Not Found" });
    };
    const download = behindGate({ loader: refused });
    const answers = [download.loader!, download.action].map((handler) =>
      Promise.resolve((handler as (args: object) => unknown)({ request: get("/"), params: {}, context: {} })),
    );
    const [missing, notAllowed] = (await Promise.allSettled(answers)) as PromiseRejectedResult[];
    expect([missing!.reason, notAllowed!.reason]).toEqual([expect.any(Response), expect.any(Response)]);
    expect([missing!.reason.status, await missing!.reason.text()]).toEqual([404, "Not Found\n"]);
    expect([notAllowed!.reason.status, notAllowed!.reason.headers.get("Allow")]).toEqual([405, "GET, HEAD"]);
    const page = behindGate({ default: Page, loader: refused });
    expect(await call(page.loader!, get("/"))).toMatchObject({ status: 404, data: null });
  });
  it("gives a module of only an action a component, so that its refusals are drawn as pages", () => {
    expect(behindGate({ action: loader }).default).toBeTypeOf("function");
    expect(behindGate({ loader }).default).toBeUndefined();
  });
  it("refuses a cross-site POST before the action runs", async () => {
    let ran = false;
    const { action } = behindGate({
      action: () => {
        ran = true;
      },
    });
    const args = { request: post("/"), params: {}, context: { crossSite: true } };
    const refusal = await (action as (args: unknown) => Promise<{ init: ResponseInit }>)(args).catch(
      (thrown) => thrown,
    );
    expect([refusal.init.status, ran]).toEqual([403, false]);
  });
  it("lets another site post to a machine endpoint, and answers there in plain text, never with a page", async () => {
    const module = behindGate({ action: () => "taken", handle: { machine: true } });
    const args = { request: post("/"), params: {}, context: { crossSite: true } };
    expect(await (module.action as (args: unknown) => Promise<unknown>)(args)).toBe("taken");
    expect(module.default).toBeUndefined();
    const refusal = await Promise.resolve(module.loader!()).catch((thrown: Response) => thrown);
    expect(refusal).toBeInstanceOf(Response);
    const { status, headers } = refusal as Response;
    expect([status, headers.get("Allow"), await (refusal as Response).text()]).toEqual([
      405,
      "POST",
      "Method Not Allowed\n",
    ]);
  });
  it.each([
    [422, true],
    [200, false],
  ])("notes for the page that an action answered %i", async (status, invalid) => {
    const { action } = behindGate({ action: () => data(null, { status }) });
    const context = {};
    await (action as (args: unknown) => Promise<unknown>)({ request: post("/"), params: {}, context });
    expect(context).toEqual({ invalid });
  });
});

describe("a body", () => {
  const schema = z.object({ text: z.string() });
  const { action } = behindGate({
    action: async ({ request }: { request: Request }) => (await readForm(request, schema)).value?.text.length,
  });
  const type = { "Content-Type": "application/x-www-form-urlencoded" };
  const said = (bytes: number) =>
    new Request("http://tenfold.test/", {
      method: "POST",
      headers: { ...type, "Content-Length": String(bytes) },
      body: `text=${"x".repeat(bytes - 5)}`,
    });
  const chunked = (bytes: number) =>
    new Request("http://tenfold.test/", {
      method: "POST",
      headers: type,
      body: new Blob([`text=${"x".repeat(bytes - 5)}`]).stream(),
      duplex: "half",
    } as RequestInit);

  it.each([
    ["of a said length", said],
    ["in chunks", chunked],
  ])("of a million bytes %s is read whole", async (_, request) => {
    expect(await call(action, request(1_000_000))).toMatchObject({ status: 200, data: 999_995 });
  });
  it.each([
    ["of a said length", said],
    ["in chunks", chunked],
  ])("of one byte more %s is a 413", async (_, request) => {
    expect(await call(action, request(1_000_001))).toMatchObject({ status: 413 });
  });
  it.each([
    ["of a said length", said],
    ["in chunks", chunked],
  ])("may %s be as long as its route says, and no longer", async (_, request) => {
    const { action } = behindGate({
      action: async ({ request }: { request: Request }) => (await request.text()).length,
      handle: { bodyLimit: 2_000_000 },
    });
    expect(await call(action, request(2_000_000))).toMatchObject({ status: 200, data: 2_000_000 });
    expect(await call(action, request(2_000_001))).toMatchObject({ status: 413 });
  });
});

describe("a request is cross-site", () => {
  const host = "tenfold.test";
  it.each([
    ["says same-origin", { site: "same-origin" }, false],
    ["comes from the address bar", { site: "none" }, false],
    ["says cross-site", { site: "cross-site" }, true],
    ["says same-site, which another subdomain is", { site: "same-site" }, true],
    ["says cross-site although Origin fits", { site: "cross-site", origin: "https://tenfold.test" }, true],
    [
      "says same-origin behind a proxy that changes the host",
      { site: "same-origin", origin: "https://x.test" },
      false,
    ],
    ["says nothing, as curl", {}, false],
    ["has our own Origin only", { origin: "https://tenfold.test" }, false],
    ["has another Origin only", { origin: "https://evil.test" }, true],
    ["has our name with another port", { origin: "https://tenfold.test:8443" }, true],
    ["has the Origin null", { origin: "null" }, true],
    ["has an Origin that is no URL", { origin: "tenfold.test" }, true],
  ])("when it %s: %j", (_, headers, expected) => expect(isCrossSite({ host, ...headers })).toBe(expected));
});
