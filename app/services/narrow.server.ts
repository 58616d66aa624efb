/**
 * Remix flattens, ranks and compiles every route at every request. Handing it only the routes that a path can
 * reach keeps a request's cost the same however many features there are.
 */
import type { ServerBuild } from "@remix-run/node";

/** Where the browser asks which routes there are. */
const MANIFEST = "__manifest";

/**
 * What the routes of a build are grouped by: the first segment of the path, `""` for the home page, `"*"` where
 * no route begins like that.
 */
export function segmentOf(build: ServerBuild, pathname: string): string {
  const path = pathname.replace(/\.data$/, "").replace(/^\/_root$/, "/");
  const segment = path.split("/", 2)[1]?.toLowerCase() ?? "";
  return segment === "" || segment === MANIFEST || segments(build).has(segment) ? segment : "*";
}

/**
 * The build with the root route, the home page, and the routes under one segment. The home page is always there:
 * the client is told of it with every page, and without it takes `/` for an empty page. The manifest is asked for
 * any path: all of it.
 */
export function narrowed(build: ServerBuild, segment: string): ServerBuild {
  if (segment === MANIFEST) return build;
  const reachable = new Set<string>();
  for (const id of Object.keys(build.routes)) {
    const first = firstSegment(build, id);
    if (first !== null && first !== "" && first !== "*" && first !== segment) continue;
    // A pathless parent has no segment of its own.
    for (let up: string | undefined = id; up; up = build.routes[up]?.parentId) reachable.add(up);
  }
  const pick = <T>(routes: Record<string, T>) =>
    Object.fromEntries(Object.entries(routes).filter(([id]) => reachable.has(id)));
  return {
    ...build,
    routes: pick(build.routes),
    assets: { ...build.assets, routes: pick(build.assets.routes) },
  };
}

const known = new WeakMap<ServerBuild, Set<string>>();

function segments(build: ServerBuild): Set<string> {
  let set = known.get(build);
  if (!set) {
    set = new Set(Object.keys(build.routes).map((id) => firstSegment(build, id) ?? ""));
    known.set(build, set);
  }
  return set;
}

/** null for the root; a first segment with a parameter could be anything, so it counts as a splat. */
function firstSegment(build: ServerBuild, id: string): string | null {
  const path = pathOf(build, id);
  if (path === null) return null;
  const first = path.split("/")[0] ?? "";
  return /[:*?]/.test(first) ? "*" : first.toLowerCase();
}

/** The whole path of a route, with its parents', like `posts/:slug`; null for the root. */
export function pathOf(build: ServerBuild, id: string): string | null {
  const paths: string[] = [];
  let route = build.routes[id];
  if (!route?.parentId) return null;
  for (; route; route = route.parentId ? build.routes[route.parentId] : undefined) {
    if (route.path) paths.unshift(route.path);
  }
  return paths.join("/");
}
