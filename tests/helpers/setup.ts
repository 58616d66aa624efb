/** For every test: the log is silent, and an error on the console that nobody expected fails the test. */
import { afterEach, beforeEach, expect, vi } from "vitest";
import { TEST_SECRET } from "./server";

process.env.LOG_LEVEL = "silent";
process.env.SESSION_SECRET ??= TEST_SECRET;

/** React Router's own note about its next major version; the flags of Remix decide there. */
const NOTED = /React Router Future Flag Warning/;

let complaints: unknown[][] = [];

beforeEach(() => {
  complaints = [];
  for (const level of ["error", "warn"] as const) {
    vi.spyOn(console, level).mockImplementation((...args) => {
      if (!NOTED.test(String(args[0]))) complaints.push([level, ...args]);
    });
  }
});

afterEach(() => {
  vi.restoreAllMocks();
  expect(complaints, "unexpected console output").toEqual([]);
});
