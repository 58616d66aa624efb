// The production build with 200 more routes, as if it had many more features. Plain JavaScript: build/server.js
// imports it in place of the real one (TENFOLD_BUILD).
import * as build from "../../build/server/index.js";

const COUNT = 200;
/** Routes in a line of descent: /extra-1, /extra-1/extra-2 … /extra-1/…/extra-5, then /extra-6. */
const DEPTH = 5;

const template = "features/home/home";
const layout = { default: build.routes.root.module.default };

const routes = { ...build.routes };
const assetRoutes = { ...build.assets.routes };

for (let n = 1; n <= COUNT; n++) {
  const isFirst = n % DEPTH === 1;
  const isLast = n % DEPTH === 0;
  const id = `extra-${n}`;
  const place = { id, path: id, parentId: isFirst ? "root" : `extra-${n - 1}`, index: undefined };
  routes[id] = { ...build.routes[template], ...place, ...(!isLast && { module: layout }) };
  assetRoutes[id] = { ...build.assets.routes[template], ...place, hasLoader: isLast };
}

export * from "../../build/server/index.js";
export const assets = { ...build.assets, routes: assetRoutes };
export { routes };
