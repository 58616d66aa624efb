import type { BenchPage } from "../pages";

export const pages: BenchPage[] = [
  { name: "floor", path: "/healthz", data: "small" },
  { name: "home", path: "/", data: "small" },
  { name: "home-signed-in", path: "/", data: "small", signedIn: true },
  { name: "not-found", path: "/nothing-here", data: "small", status: 404 },
];
