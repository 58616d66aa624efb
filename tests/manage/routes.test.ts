import { resolve } from "node:path";
import { index, layout, prefix, route } from "@remix-run/route-config";
import { describe, expect, test } from "vitest";
import { exportsOf, urlsOf } from "~/manage/routes";
import routes from "~/routes";
import { methodsOf } from "~/services/gate.server";
import { LONG, manage } from "./processes";

describe("routes", { timeout: LONG }, () => {
  test("flattens nested routes to their whole path, and passes over layouts without one", () => {
    const nested = [
      index("home.tsx"),
      layout("frame.tsx", [
        route("admin", "admin.tsx", [
          index("overview.tsx"),
          route("users/:id", "user.tsx"),
          route("*", "lost.tsx"),
        ]),
        ...prefix("api", [route("v1/:name?", "api.ts")]),
      ]),
      route("*", "nothing.tsx"),
    ];
    expect(urlsOf(nested)).toEqual([
      { url: "/", file: "home.tsx" },
      { url: "/admin", file: "admin.tsx" },
      { url: "/admin", file: "overview.tsx" },
      { url: "/admin/users/:id", file: "user.tsx" },
      { url: "/admin/*", file: "lost.tsx" },
      { url: "/api/v1/:name?", file: "api.ts" },
      { url: "/*", file: "nothing.tsx" },
    ]);
  });

  test("prints every URL with the methods that its module really answers", async () => {
    const { code, stdout, stderr } = await manage(["routes"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [heads, ...rows] = stdout
      .trim()
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    expect(heads).toEqual(["URL", "METHODS", "MODULE"]);
    const truth = urlsOf(routes).map(async ({ url, file }) => {
      const module = await import(/* @vite-ignore */ resolve("app", file));
      return [url, methodsOf(module).join(", "), file];
    });
    expect(rows).toEqual(await Promise.all(truth));
    expect(rows.some(([, methods]) => methods === "GET, HEAD")).toBe(true);
  });

  test("reads exports without running the module", async () => {
    const names = await exportsOf(["manage/routes.ts", "routes.ts", "manage/failure.ts"]);
    expect(names.get("manage/routes.ts")?.sort()).toEqual(["configure", "exportsOf", "urlsOf"]);
    expect(names.get("routes.ts")).toEqual(["default"]);
    expect(names.get("manage/failure.ts")).toEqual(["Failure"]);
  });
});
