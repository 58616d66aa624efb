import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { features } from "../../app/features";
import { deletable } from "../../bin/delete-features";
import { imports, sources } from "../helpers/sources";

const offences = (folder: string, forbidden: (target: string) => boolean) =>
  imports(folder).filter(({ target }) => forbidden(target));

const folders = readdirSync("app/features");

describe("arrows point one way", () => {
  it("a model imports nothing from app", () => {
    expect(imports("models").length).toBeGreaterThan(5);
    expect(offences("models", (target) => target.startsWith("~") || target.includes("app/"))).toEqual([]);
  });
  it("a service knows no feature", () => {
    expect(offences("app/services", (target) => target.startsWith("~/features"))).toEqual([]);
  });
  it("a component knows no feature, no service and no model; navigation is drawn from the list of features", () => {
    expect(
      offences("app/components", (target) => /^(~\/features\/|~\/services\/|#models)/.test(target)),
    ).toEqual([]);
  });
  it.each(folders)("the feature %s imports no other feature", (name) => {
    const other = (target: string) =>
      target.startsWith("~/features/") && !target.startsWith(`~/features/${name}/`);
    expect(offences(`app/features/${name}`, other)).toEqual([]);
    expect(offences(`app/features/${name}`, (target) => target.startsWith("../"))).toEqual([]);
  });
  it("the tests of conformance know the site from outside: they import nothing of ours but each other", () => {
    const files = sources("tests/conformance").map((file) => basename(file, ".ts"));
    expect(files).toContain("site");
    expect(offences("tests/conformance", (target) => !files.includes(target.replace(/^\.\//, "")))).toEqual(
      [],
    );
  });
  it("server.ts imports nothing of ours but a type", () => {
    const ours = readFileSync("server.ts", "utf8")
      .match(/.*"[.~#][^"]*".*/g)
      ?.filter((line) => /import/.test(line));
    expect(ours?.filter((line) => !line.includes("typeof import("))).toEqual([]);
  });
});

describe("the list of features", () => {
  it("names each once, with an icon of its own", () => {
    const icons = readFileSync("public/icons.svg", "utf8");
    expect(new Set(features.map(({ name }) => name)).size).toBe(features.length);
    for (const { name } of features) expect(icons).toContain(`id="${name}"`);
  });
  it("names exactly those that can be deleted", () => {
    const names = features.map(({ name }) => name);
    expect(names.filter((name) => !existsSync(`app/features/${name}`))).toEqual([]);
    expect(deletable().toSorted()).toEqual(names.toSorted());
  });
});

describe("a route module", () => {
  const modules = sources("app/features").filter((file) =>
    /export (async function|const) (loader|action)/.test(readFileSync(file, "utf8")),
  );
  it.each(modules)("%s stays under 150 lines", (file) => {
    expect(readFileSync(file, "utf8").split("\n").length).toBeLessThanOrEqual(150);
  });
  const pagesWithForms = modules.filter((file) =>
    /export async function action[\s\S]*export default/.test(readFileSync(file, "utf8")),
  );
  it.each(pagesWithForms)("%s keeps its form where no answer comes", (file) => {
    const text = readFileSync(file, "utf8");
    expect(text).toMatch(/export \{.*\b(stayOnPage|upload) as clientAction\b.*\} from "~\/components/);
    expect(text).toMatch(/export \{.*\bas shouldRevalidate\b/);
  });
});

describe("a file", () => {
  it("of what runs stays under 300 lines, or says why not", () => {
    const folders = ["app", "models", "bin"].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
    );
    const files = [...folders, "server.ts", "manage.ts"].filter((name) => /\.(tsx?|js|css)$/.test(name));
    expect(files.length).toBeGreaterThan(100);
    const long = files.filter((file) => readFileSync(file, "utf8").split("\n").length > 301);
    const silent = long.filter((file) => !/Over 300 lines: [^.]+\./.test(readFileSync(file, "utf8")));
    expect(silent).toEqual([]);
  });
});

describe("what the browser gets", () => {
  it("holds nothing of the database, of zod or of Node", () => {
    const scripts = readdirSync("build/client/assets").filter((name) => name.endsWith(".js"));
    expect(scripts.length).toBeGreaterThan(5);
    const ours = scripts.filter((name) =>
      /sequelize|sqlite|ZodError|SESSION_SECRET|"node:/i.test(
        readFileSync(`build/client/assets/${name}`, "utf8"),
      ),
    );
    expect(ours).toEqual([]);
  });
});
