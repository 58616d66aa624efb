import { describe, expect, it } from "vitest";
import { conditional, isFresh } from "~/services/conditional.server";
import { get } from "../helpers/call";

const answer = (text: string, headers: HeadersInit = {}, method = "GET", without?: string) =>
  conditional(new Request(get("/"), { method, headers }), text, {
    headers: new Headers({ "X-A": "b" }),
    without,
  });
const tagOf = (text: string, without?: string) => answer(text, {}, "GET", without).headers.get("ETag")!;

it("sends the text with a weak tag of it", async () => {
  const { status, headers } = answer("text");
  expect(status).toBe(200);
  expect(headers.get("ETag")).toMatch(/^W\/"/);
  expect(await answer("text").text()).toBe("text");
});
it.each(["GET", "HEAD"])("answers 304 without a body to a %s by who has it", async (method) => {
  const response = answer("text", { "If-None-Match": `"other", ${tagOf("text")}` }, method);
  expect([response.status, await response.text()]).toEqual([304, ""]);
  expect([response.headers.get("X-A"), response.headers.get("ETag")]).toEqual(["b", tagOf("text")]);
});
it("sends anew what has changed", () => {
  expect(answer("new", { "If-None-Match": tagOf("old") }).status).toBe(200);
});
it("sends anew to who asks for it by reloading without the cache", () => {
  const headers = { "If-None-Match": tagOf("text"), "Cache-Control": "no-cache" };
  expect(answer("text", headers).status).toBe(200);
});
it("sends the page after a form whatever the client has", () => {
  expect(answer("text", { "If-None-Match": tagOf("text") }, "POST").status).toBe(200);
});
it("passes over what differs at each answer and means nothing", async () => {
  expect(tagOf("a nonce-1 b", "nonce-1")).toBe(tagOf("a nonce-2 b", "nonce-2"));
  const response = answer("a nonce-2 b", { "If-None-Match": '"x"' }, "GET", "nonce-2");
  expect(await response.text()).toBe("a nonce-2 b");
});
it.each(['"', "W/", "*x", "é", ",,,", "x".repeat(10_000)])(
  "takes a malformed If-None-Match for none: %.5j",
  (value) => {
    expect(answer("text", { "If-None-Match": encodeURI(value) }).status).toBe(200);
  },
);

describe("what the client has already", () => {
  const asked = (tags?: string) =>
    isFresh(get("/", tags === undefined ? {} : { "If-None-Match": tags }), '"a"');
  it.each(['"a"', 'W/"a"', '"b", "a"', '"b",W/"a" , "c"', "*"])(
    "is this version by If-None-Match: %s",
    (tags) => expect(asked(tags)).toBe(true),
  );
  it.each([undefined, "", '"b"', "a", '"a', '""', '"A"', ","])("is not by If-None-Match: %s", (tags) =>
    expect(asked(tags)).toBe(false),
  );
});
