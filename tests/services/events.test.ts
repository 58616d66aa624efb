import { describe, expect, it, vi } from "vitest";
import { eventStream } from "~/services/events.server";

const request = new Request("http://tenfold.test/");
const decoder = new TextDecoder();

describe("an event stream", () => {
  it("tells what there is, and ends with what is last", async () => {
    let n = 0;
    const answer = eventStream({ request, context: {} }, async () => ({ data: { n: ++n }, last: n === 2 }));
    expect(await answer.text()).toBe('retry: 2000\ndata: {"n":1}\n\nretry: 2000\ndata: {"n":2}\n\n');
  });
  it("that its reader leaves ends without a fault, and asks for nothing more", async () => {
    const look = vi.fn(async () => ({ data: "here", last: false }));
    const reader = eventStream({ request, context: {} }, look).body!.getReader();
    expect(decoder.decode((await reader.read()).value)).toContain('data: "here"');
    await reader.cancel();
    // By the second look of one that began later, the first would have looked again.
    let n = 0;
    await eventStream({ request, context: {} }, async () => ({ data: n, last: ++n === 2 })).text();
    expect(look).toHaveBeenCalledTimes(1);
  });
});
