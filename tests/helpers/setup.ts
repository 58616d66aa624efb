/** For every test: the log is silent, and an error on the console that nobody expected fails the test. */
import { afterEach, beforeEach, expect, vi } from "vitest";

process.env.LOG_LEVEL = "silent";
process.env.SESSION_SECRET ??= "0123456789abcdefghijklmnopqrstuvwxyz";

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(console, "warn").mockImplementation(() => {});
});

afterEach(() => {
  expect(vi.mocked(console.error).mock.calls, "unexpected console.error").toEqual([]);
  expect(vi.mocked(console.warn).mock.calls, "unexpected console.warn").toEqual([]);
  vi.restoreAllMocks();
});
