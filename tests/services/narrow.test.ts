import type { ServerBuild } from "@remix-run/node";
import { describe, expect, it } from "vitest";
import { narrowed, segmentOf } from "~/services/narrow.server";

const PATHS: [id: string, parentId: string | undefined, path: string | undefined][] = [
  ["root", undefined, ""],
  ["home", "root", undefined],
  ["todos", "root", "todos"],
  ["edit", "root", "todos/:id/edit"],
  ["people", "root", "people"],
  ["person", "people", ":name"],
  ["pathless", "root", undefined],
  ["inside", "pathless", "Inside/deep"],
  ["any", "root", "*"],
];
const routes = Object.fromEntries(
  PATHS.map(([id, parentId, path]) => [id, { id, parentId, path, module: {} }]),
);
const build = { routes, assets: { routes, url: "/m.js" } } as unknown as ServerBuild;
const ids = (segment: string) => Object.keys(narrowed(build, segment).routes);

describe("the segment of a path", () => {
  it.each([
    ["/", ""],
    ["/_root.data", ""],
    ["/todos", "todos"],
    ["/todos.data", "todos"],
    ["/TODOS/5/edit", "todos"],
    ["/people/ada", "people"],
    ["/inside/deep", "inside"],
    ["/nowhere", "*"],
    ["/constructor", "*"],
    ["/__manifest", "__manifest"],
    ["/__anything", "*"],
    ["/__proto__", "*"],
  ])("%s is %j", (path, segment) => expect(segmentOf(build, path)).toBe(segment));
});

describe("a narrowed build", () => {
  it("holds root, the home page, the routes under the segment and those that match anything", () => {
    expect(ids("todos")).toEqual(["root", "home", "todos", "edit", "pathless", "any"]);
    expect(ids("people")).toEqual(["root", "home", "people", "person", "pathless", "any"]);
    expect(ids("*")).toEqual(["root", "home", "pathless", "any"]);
  });
  it("holds pathless parents with what is under them", () => {
    expect(ids("inside")).toContain("inside");
    expect(ids("inside")).toContain("pathless");
  });
  it("narrows the client's manifest alike and keeps the rest of it", () => {
    const { assets } = narrowed(build, "todos");
    expect(Object.keys(assets.routes)).toEqual(["root", "home", "todos", "edit", "pathless", "any"]);
    expect(assets.url).toBe("/m.js");
  });
  it("is the whole build for the manifest that is asked for any path", () => {
    expect(narrowed(build, "__manifest")).toBe(build);
  });
});
