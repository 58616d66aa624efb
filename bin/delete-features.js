// Deletes features by the conventions of docs/decisions/0014-deleting-a-feature.md: no list of what a feature is made of.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What the house itself needs. */
const CORE = ["accounts", "admin", "home", "jobs", "mail", "notifications"];

/** The features that can be deleted. */
export const deletable = () => readdirSync("app/features").filter((name) => !CORE.includes(name));

/**
 * Deletes features from the project in `root`: what is named after them, their places in the lists of the house, the
 * models that nothing else needs, and in documents the links to all that.
 *
 * @returns the paths of what is gone and of what was edited.
 */
export function deleteFeatures(/** @type {string} */ root, /** @type {string[]} */ names) {
  const gone = /** @type {string[]} */ ([]);
  const edited = /** @type {string[]} */ ([]);
  const remove = (/** @type {string} */ path) => {
    if (!existsSync(join(root, path))) return;
    rmSync(join(root, path), { recursive: true });
    gone.push(path);
  };
  const edit = (/** @type {string} */ path, /** @type {(text: string) => string} */ change) => {
    const text = readFileSync(join(root, path), "utf8");
    if (change(text) === text) return;
    writeFileSync(join(root, path), change(text));
    edited.push(path);
  };
  const theirs = modelsOf(root, ...names.map((name) => `app/features/${name}`));

  for (const name of names) {
    remove(`app/features/${name}`);
    const namedAfter = new RegExp(`^(\\d{4}-)?${name}([.-]|$)`);
    for (const path of ["models/migrations", "app/manage", "tests", "docs/guide"].flatMap((folder) =>
      under(root, folder),
    ))
      if (namedAfter.test(basename(path))) remove(path);
    edit("app/features.ts", (text) => withoutItem(text, `"${name}"`));
    edit("app/manage/commands.ts", (text) => withoutItem(text, `"(?:\\./)?${name}-[\\w-]+"`));
    edit("app/routes.ts", (text) => withoutParagraphs(text, `"features/${name}/`));
    edit("app/features.server.ts", (text) => withoutImports(text, `~/features/${name}/`));
    edit("models/migrations/index.ts", (text) => withoutImports(text, `./\\d{4}-${name}[-"]`));
  }
  const needed = modelsOf(root, "app", "manage.ts", "server.ts");
  for (const model of theirs) {
    if (needed.has(model)) continue;
    remove(model);
    remove(`tests/models/${basename(model).split(".")[0]}.test.ts`);
  }
  // Other pages of the guide keep what they teach. Steps that lead through what is gone go, with the test that takes them.
  for (const path of under(root, "docs/guide").filter((path) => path.endsWith(".md"))) {
    edit(path, (text) => withoutSteps(text, names));
    if (edited.includes(path)) remove(`tests/guide/${basename(path, ".md")}.test.ts`);
  }
  const isGone = (/** @type {string} */ path) =>
    gone.some((one) => path === one || path.startsWith(`${one}/`));
  for (const path of ["README.md", ...under(root, "docs")])
    if (path.endsWith(".md"))
      edit(path, (text) => withoutLinks(text, (to) => isGone(join(dirname(path), to))));
  return { gone, edited };
}

/** A path and, where it is a folder, every path under it. */
function under(/** @type {string} */ root, /** @type {string} */ path) {
  const below = statSync(join(root, path)).isDirectory()
    ? readdirSync(join(root, path), { recursive: true })
    : [];
  return [path, ...below.map((name) => join(path, String(name)))];
}

/** The files of models that the sources in these places import, and those that these import. */
function modelsOf(/** @type {string} */ root, /** @type {string[]} */ ...places) {
  const found = /** @type {Set<string>} */ (new Set());
  const follow = (/** @type {string} */ file) => {
    for (const [, target = ""] of readFileSync(join(root, file), "utf8").matchAll(
      /["']([#.][^"'\n]+)["']/g,
    )) {
      const model = `${target.startsWith("#") ? target.slice(1) : join(dirname(file), target)}.ts`;
      if (found.has(model) || !model.startsWith("models/") || !existsSync(join(root, model))) continue;
      found.add(model);
      follow(model);
    }
  };
  for (const file of places.flatMap((place) => under(root, place))) if (/\.tsx?$/.test(file)) follow(file);
  return found;
}

/** A list without the item that is or holds `item`, a regular expression. */
function withoutItem(/** @type {string} */ text, /** @type {string} */ item) {
  const whole = `(?:\\{[^{}]*${item}[^{}]*\\}|${item})`;
  return text.replace(new RegExp(`,\\s*${whole}(?=\\s*\\])|(?<=[[,]\\s*)${whole},?\\s*`), "");
}

/** A registry without the imports from `from`, and without their items. */
function withoutImports(/** @type {string} */ text, /** @type {string} */ from) {
  for (const [line, name] of text.matchAll(new RegExp(`^import \\* as (\\w+) from "${from}.*\\n`, "gm")))
    text = withoutItem(text.replace(line, ""), `\\b${name}\\b`);
  return text;
}

/** A document in which the links that lead to what is gone are the words that they were. */
const withoutLinks = (/** @type {string} */ text, /** @type {(to: string) => boolean} */ isGone) =>
  text.replace(/\[([^\]\n]+)\]\(([^)\s#]+)(?:#[^)]*)?\)/g, (link, words, to) => (isGone(to) ? words : link));

/** A page of the guide, without what is to be tried in it where that leads through one of these features. */
function withoutSteps(/** @type {string} */ text, /** @type {string[]} */ names) {
  const sections = text.split(/^(?=## )/m);
  const isTried = (/** @type {string} */ section) => /^## (Try it|Bad input)/.test(section);
  const leads = new RegExp(`/(?:${names.join("|")})\\b`);
  const needed = sections.some((section) => isTried(section) && leads.test(section));
  return needed ? sections.filter((section) => !isTried(section)).join("") : text;
}

const withoutParagraphs = (/** @type {string} */ text, /** @type {string} */ mention) =>
  text
    .split("\n\n")
    .filter((paragraph) => !paragraph.includes(mention))
    .join("\n\n");
