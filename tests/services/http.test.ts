import { describe, expect, it } from "vitest";
import { idParam, safePath, safeRedirect } from "~/services/http.server";
import { call, get } from "../helpers/call";

describe("an id in a URL", () => {
  it.each(["1", "42", "2147483647"])("may be %s", (id) => expect(idParam(id)).toBe(Number(id)));
  it.each([
    undefined,
    "",
    "abc",
    "0",
    "01",
    "-1",
    "1.0",
    "1e3",
    " 1",
    "2147483648",
    "99999999999999999999",
    "१",
  ])("%j is a 404", async (id) =>
    expect(await call(() => idParam(id), get("/"))).toMatchObject({ status: 404 }),
  );
});

describe("a safe path", () => {
  it.each(["/", "/todos", "/todos?show=active#todo-5", "/a//b"])("%s is kept", (to) =>
    expect(safePath(to)).toBe(to),
  );
  it.each([
    null,
    undefined,
    "",
    "todos",
    "//evil",
    "/\\evil",
    "https://evil",
    "https:evil",
    "javascript:alert(1)",
    "/\tevil",
    "/a\\b",
    "/a\nb",
    "/\u0000",
  ])("%j becomes the fallback", (to) => expect(safePath(to, "/home")).toBe("/home"));
  it.each([
    ["/日本", "/%E6%97%A5%E6%9C%AC"],
    ["/weather?city=東京#m1", "/weather?city=%E6%9D%B1%E4%BA%AC#m1"],
    ["/\ud800", "/%EF%BF%BD"],
    ["/a/../b", "/b"],
    ["/.//evil", "/home"],
    ["/a/..//evil", "/home"],
  ])("%j becomes %s, which a header can hold", (to, safe) => expect(safePath(to, "/home")).toBe(safe));
  it("is where a redirect leads, by 303", () => {
    const { status, headers } = safeRedirect("//evil", { fallback: "/todos" });
    expect([status, headers.get("Location")]).toEqual([303, "/todos"]);
  });
});
