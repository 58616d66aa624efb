import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { copyProject } from "../../bin/copy";
import { deletable, deleteFeatures } from "../../bin/delete-features";
import { scratchFolder } from "../helpers/folder";
import { deadLinks } from "../helpers/links";
import { imports, sources } from "../helpers/sources";

const FOLDERS = ["app", "models", "tests"];

/** Imports that lead nowhere, routes, and links in documents. */
function broken(root: string) {
  const leads = ({ file, target }: { file: string; target: string }) => {
    const path = target.replace(/^~/, "app").replace(/^#/, "").replace(/\?.*/, "");
    const place = join(target.startsWith(".") ? dirname(file) : root, path);
    return ["", ".ts", ".tsx", ".js"].some((suffix) => existsSync(place + suffix));
  };
  const imported = FOLDERS.flatMap((folder) => imports(join(root, folder)));
  const routed = readFileSync(join(root, "app/routes.ts"), "utf8").matchAll(/"(features\/[^"]+)"/g);
  return [
    ...deadLinks(root),
    ...imported.filter((found) => !leads(found)).map(({ file, target }) => `${file} imports ${target}`),
    ...[...routed].flatMap(([, file]) =>
      existsSync(join(root, "app", file!)) ? [] : [`a route to ${file}`],
    ),
  ];
}

const all = deletable();
const sets = all.length > 1 ? [...all.map((name) => [name]), all] : [all];

describe("a project", () => {
  it.each(sets.map((names) => ({ names })))(
    "without $names has neither imports from them, nor routes or links to them, nor their names",
    ({ names }) => {
      const root = scratchFolder();
      copyProject(root);
      const before = broken(root);
      const { gone } = deleteFeatures(root, names);
      expect(gone).toEqual(expect.arrayContaining(names.map((name) => `app/features/${name}`)));
      expect(broken(root).filter((found) => !before.includes(found))).toEqual([]);
      const left = FOLDERS.flatMap((folder) => sources(join(root, folder)));
      const naming = left.filter((file) => {
        const text = readFileSync(file, "utf8");
        return names.some((name) => text.includes(`features/${name}/`) || text.includes(`name: "${name}"`));
      });
      expect(naming).toEqual([]);
    },
  );
});
