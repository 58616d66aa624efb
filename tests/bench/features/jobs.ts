import { measureJobs } from "../jobs";
import type { BenchPage, BenchPart } from "../pages";

export const pages: BenchPage[] = [];

export const parts: BenchPart[] = [{ name: "jobs", run: measureJobs }];
