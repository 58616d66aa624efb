// The one build config: Remix, Vite and Vitest. Every command is pointed here with `--config remix.config.js`.
import { fileURLToPath } from "node:url";
import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vitest/config";

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

/** What pages share is one file: a document names each of its files at least twice, and a browser asks for each. */
const shared = [here("app/components/"), here("app/features.ts")];
const chunkOf = (/** @type {string} */ id) => {
  // It brings a package along that few pages need.
  if (id === here("app/components/slug.ts")) return undefined;
  return shared.some((path) => id.startsWith(path)) ? "shared" : undefined;
};

/** Tests that read the database or call loaders and actions: the ones that also run on Postgres. */
const processes = "tests/server/two-processes.test.ts";
const data = ["tests/{models,services,features,manage}/**/*.test.ts", processes];

export default defineConfig({
  plugins: [
    // Vitest runs route modules as they are; the plugin would try to build a client for them.
    !process.env.VITEST &&
      remix({
        future: {
          v3_fetcherPersist: true,
          v3_lazyRouteDiscovery: true,
          v3_relativeSplatPath: true,
          v3_routeConfig: true,
          v3_singleFetch: true,
          v3_throwAbortReason: true,
        },
      }),
  ],
  resolve: { alias: { "~": here("app"), "#models": here("models") } },
  build: {
    rollupOptions: {
      // A route with nothing but an action has nothing for the browser.
      onwarn: (warning, warn) => warning.code !== "EMPTY_BUNDLE" && warn(warning),
      output: { manualChunks: chunkOf, onlyExplicitManualChunks: true },
    },
  },
  // It stays on the server; looking for what the browser needs, Vite would follow it to drivers that are not here.
  optimizeDeps: { exclude: ["sequelize"] },
  // The development server would otherwise hand out what lies in the project's folder.
  server: { fs: { deny: [".env", ".env.*", "*.sqlite*", "**/data/**", "**/uploads/**", "**/.git/**"] } },
  test: {
    // Tests mostly wait for processes of their own; by default one core would be left to nobody.
    maxWorkers: "100%",
    // What a test waits for comes when a busy machine has the time; that it comes is what is tested.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "data",
          include: data,
          environment: "node",
          // What is stored and asked for is in UTC, wherever the machine stands.
          env: { TZ: "Pacific/Auckland" },
          setupFiles: ["tests/helpers/setup.ts", "tests/helpers/database.ts"],
          globalSetup: ["tests/helpers/template-database.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "pages",
          include: ["tests/{features,components}/**/*.test.tsx"],
          environment: "jsdom",
          setupFiles: ["tests/helpers/setup.ts", "tests/helpers/pages.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "server",
          include: ["tests/{server,faults,house}/**/*.test.ts"],
          exclude: [processes],
          environment: "node",
          setupFiles: ["tests/helpers/setup.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "conformance",
          include: ["tests/conformance/**/*.test.ts"],
          environment: "node",
          setupFiles: ["tests/helpers/setup.ts"],
          globalSetup: ["tests/helpers/conformance.ts"],
          // To load jsdom for each of ten short files takes longer than what they do with it.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["tests/browser/**/*.test.ts"],
          environment: "node",
          setupFiles: ["tests/helpers/setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "guide",
          include: ["tests/guide/**/*.test.ts"],
          environment: "node",
          setupFiles: ["tests/helpers/setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
