import { spawnSync } from "node:child_process";
import { seed } from "~/features/inventory/feature.server";
import { measureCsv, onePerson } from "../measure";
import type { BenchPage, BenchPart, DataSet } from "../pages";

export const pages: BenchPage[] = [
  { name: "inventory", path: "/inventory", data: "small" },
  { name: "inventory-search", path: "/inventory?q=bolt&page=3", data: "small" },
  { name: "item", path: "/inventory/12", data: "small" },
];

/** 1,000 items. */
export async function fill(data: DataSet) {
  if (data === "small") await seed.run(1_000);
}

const ITEMS = 1_000_000;

const LIST = [
  { name: "first page", path: "/inventory" },
  { name: "one SKU", path: "/inventory?q=000123" },
  { name: "300,000 hits, page 3", path: "/inventory?q=bolt&page=3" },
  { name: "the same, by SKU", path: "/inventory?q=bolt&page=3&sort=sku" },
  { name: "hits far down", path: "/inventory?q=washer" },
  { name: "two letters", path: "/inventory?q=m8" },
  { name: "no hits", path: "/inventory?q=nothing" },
  { name: "low on stock", path: "/inventory?low=1" },
  { name: "page 25,000", path: "/inventory?page=25000" },
];

export const parts: BenchPart[] = [
  {
    name: "inventory-million",
    async run(server) {
      const start = performance.now();
      const env = { ...process.env, DATABASE_URL: server.databaseUrl };
      const args = ["build/manage.js", "seed", "--items", String(ITEMS)];
      const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
      if (status !== 0) throw new Error(`manage seed ended with ${status}: ${stderr}`);
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      return [
        `1,000,000 items, added in ${seconds} s; one person: median ms, p99 ms, CPU ms`,
        ...(await onePerson(server, LIST)),
        await measureCsv(server, "/inventory/export.csv"),
      ].join("\n");
    },
  },
];
