/** Pages in jsdom. */
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// What a page is to show comes when a busy machine has the time, as with `expect.poll`.
configure({ asyncUtilTimeout: 30_000 });

// jsdom has no layout to scroll.
window.scrollTo = vi.fn() as unknown as typeof window.scrollTo;
afterEach(cleanup);
