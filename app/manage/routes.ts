import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { RouteConfigEntry } from "@remix-run/route-config";
import type { Command } from "commander";
import { methodsOf } from "~/services/gate.server";
import { Failure } from "./failure";
import { table } from "./table";

const APP = "app";

export function configure(command: Command) {
  command.action(async () => {
    const urls = urlsOf(await routeConfig());
    const names = await exportsOf(urls.map(({ file }) => file));
    const rows = urls.map(({ url, file }) => [url, methodsFrom(names.get(file) ?? []).join(", "), file]);
    console.log(table([["URL", "METHODS", "MODULE"], ...rows]));
  });
}

/** routes.ts and its helpers are for the build only, so the bundled manage.js does not contain them. */
async function routeConfig(): Promise<RouteConfigEntry[]> {
  const { tsImport } = await developmentPackage(() => import("tsx/esm/api"));
  const routes = await tsImport(pathToFileURL(resolve(APP, "routes.ts")).href, import.meta.url);
  return routes.default;
}

/** Every URL with the file behind it, nested routes with their whole path. A layout without a path has no URL. */
export function urlsOf(routes: RouteConfigEntry[], parent = ""): { url: string; file: string }[] {
  return routes.flatMap(({ path, index, file, children = [] }) => {
    const url = path ? `${parent}/${path}` : parent;
    return [...(path || index ? [{ url: url || "/", file }] : []), ...urlsOf(children, url)];
  });
}

/** What each module of app/ exports, read from its source: no module is run. */
export async function exportsOf(files: string[]): Promise<Map<string, string[]>> {
  const { build } = await developmentPackage(() => import("esbuild"));
  const { metafile } = await build({
    entryPoints: files.map((file) => resolve(APP, file)),
    bundle: false,
    format: "esm",
    metafile: true,
    outdir: "build",
    write: false,
  });
  const outputs = Object.values(metafile.outputs).filter(({ entryPoint }) => entryPoint);
  return new Map(outputs.map(({ entryPoint, exports }) => [entryPoint!.slice(`${APP}/`.length), exports]));
}

/** The methods of a module that exports these names. */
const methodsFrom = (names: string[]) => methodsOf(Object.fromEntries(names.map((name) => [name, true])));

async function developmentPackage<T>(load: () => Promise<T>): Promise<T> {
  return load().catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Failure(
      "The command routes needs the development packages, which are not installed. Run: npm install",
    );
  });
}
