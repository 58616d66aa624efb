import type { BenchPage } from "../pages";

export const pages: BenchPage[] = [{ name: "contact", path: "/contact", data: "small" }];
