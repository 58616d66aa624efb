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
  it("is where a redirect leads, by 303", () => {
    const { status, headers } = safeRedirect("//evil", { fallback: "/todos" });
    expect([status, headers.get("Location")]).toEqual([303, "/todos"]);
  });
});
