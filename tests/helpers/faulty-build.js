// The production build with routes that fail, a database that does not answer and sockets that are not answered, for
// server.ts to serve (TENFOLD_BUILD).
export * from "../../build/server/index.js";

import { routes as built, entry as builtEntry } from "../../build/server/index.js";

const fail = () => {
  throw new Error("a secret of the inside");
};
const home = built["features/home/home"];
const login = built["features/accounts/login"];

export const routes = {
  ...built,
  "features/home/home": { ...home, module: { ...home.module, loader: fail } },
  "features/accounts/login": { ...login, module: { ...login.module, action: fail, default: fail } },
};

const boot = async () => ({
  ...(await builtEntry.module.boot()),
  ping: async () => fail(),
  upgraded: () => new Promise(() => {}),
});

export const entry = { ...builtEntry, module: { ...builtEntry.module, boot } };
