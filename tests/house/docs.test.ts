import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { features } from "~/features";
import { commands } from "~/manage/commands";
import { SETTINGS } from "~/services/config.server";
import { readGuide } from "../helpers/guide-page";
import { deadLinks, linksOf } from "../helpers/links";

const read = (path: string) => readFileSync(path, "utf8");
/** What the first column of the tables in a document names. */
const rowsOf = (text: string) => [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name!);

describe("the documents", () => {
  it("have a row for each dependency, and none for what is none any more", () => {
    const { dependencies, devDependencies } = JSON.parse(read("package.json"));
    const names = Object.keys({ ...dependencies, ...devDependencies });
    expect(rowsOf(read("docs/dependencies.md")).sort()).toEqual(names.sort());
  });
  it("list every setting and every command of manage in the README", () => {
    const rows = rowsOf(read("README.md"));
    expect(rows).toEqual(expect.arrayContaining(Object.keys(SETTINGS)));
    const named = rows.map((row) => row.split(" ")[0]);
    expect(named).toEqual(expect.arrayContaining(commands.map(({ name }) => name)));
  });
  it("have a guide to each feature, with steps to take", () => {
    const guides = features.map(({ name }) => `docs/guide/${name}.md`);
    expect(guides.filter((guide) => !existsSync(guide) || readGuide(guide).steps.size === 0)).toEqual([]);
  });
  it("have in each page of the guide what one learns, both ways to do it, and a test that takes its steps", () => {
    const pages = readdirSync("docs/guide").filter((name) => name !== "README.md");
    const lacking = pages.flatMap((page) => {
      const text = read(`docs/guide/${page}`);
      const parts = ["What you will learn", "How Django does it", "How it is done here"];
      const test = `tests/guide/${page.replace(".md", ".test.ts")}`;
      const hasSteps = readGuide(`docs/guide/${page}`).steps.size > 0;
      return [
        ...parts.filter((part) => !text.includes(`\n## ${part}\n`)).map((part) => `${page}: ${part}`),
        ...(hasSteps === existsSync(test) ? [] : [test]),
      ];
    });
    expect(lacking).toEqual([]);
  });
  it("have each option of an entry of the admin beside what Django calls it, and none that is none any more", () => {
    const [, entry] = read("app/services/admin.server.ts").match(
      /export interface AdminEntry<[^{]+{\n(.+?)\n}/s,
    )!;
    const options = [...entry!.matchAll(/^ {2}(\w+)\??[(:]/gm)].map(([, name]) => name!);
    const [, table] = read("docs/guide/admin.md").split("\n### The options\n");
    const rows = table!.trim().split("\n\n")[0]!.split("\n").slice(2);
    const named = rows.flatMap((row) =>
      [...row.split("|")[2]!.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
    );
    expect(["model", ...new Set(named)].sort()).toEqual(options.sort());
  });
  it("lead to files that are there, wherever they link to one", () => {
    expect(deadLinks()).toEqual([]);
  });
  it("have one entrance to the guide, which leads to every page of it", () => {
    const pages = readdirSync("docs/guide").map((name) => `docs/guide/${name}`);
    const entrance = "docs/guide/README.md";
    expect([entrance, ...linksOf(entrance)]).toEqual(expect.arrayContaining(pages));
    expect(linksOf("README.md")).toContain(entrance);
  });
});
