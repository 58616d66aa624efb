/** Pages in jsdom. */
import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// jsdom has no layout to scroll.
window.scrollTo = vi.fn() as unknown as typeof window.scrollTo;
afterEach(cleanup);
