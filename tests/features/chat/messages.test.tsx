import { createRemixStub } from "@remix-run/testing";
import { fireEvent, render, screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Pending } from "~/features/chat/line";
import { type Me, Messages, PendingMessages } from "~/features/chat/messages";
import type { Said } from "~/features/chat/said";

const ADA: Me = { user: 1, name: "ada" };
const said = (seq: number, values: Partial<Said> = {}): Said => ({
  seq,
  user: 2,
  username: "bob",
  text: `m${seq}`,
  at: "2026-03-02T10:00:00.000Z",
  ...values,
});

/** The lines that a person sees, in UTC: what stands between messages, and their texts. */
function lines(messages: Said[], { me = ADA, readTo = null as number | null } = {}) {
  vi.spyOn(Intl.DateTimeFormat.prototype, "resolvedOptions").mockReturnValue({
    timeZone: "UTC",
  } as Intl.ResolvedDateTimeFormatOptions);
  const values = { slug: "general", moderates: false, now: "2026-03-02T12:00:00.000Z" };
  const list = () => (
    <ol>
      <Messages {...values} me={me} said={messages} readTo={readTo} />
    </ol>
  );
  const Stub = createRemixStub([{ path: "/", Component: list }]);
  render(<Stub />);
  return screen
    .getAllByRole("listitem")
    .map((item) => (item.querySelector(".text") ?? item).textContent?.replaceAll(",", ""));
}

describe("between messages", () => {
  it("each day begins under its name", () => {
    const days = ["2026-02-28T23:59", "2026-03-01T00:00", "2026-03-01T23:59", "2026-03-02T00:00"];
    const messages = days.map((at, n) => said(n + 1, { at: `${at}:00.000Z` }));
    expect(lines(messages)).toEqual([
      "Saturday 28 February 2026 UTC",
      "m1",
      "Yesterday UTC",
      "m2",
      "m3",
      "Today UTC",
      "m4",
    ]);
  });
  it("what is new to the reader stands under a line: once, and not above their own words", () => {
    const messages = [said(1), said(2, { user: 1, username: "ada" }), said(3), said(4)];
    expect(lines(messages, { readTo: 1 })).toEqual(["Today UTC", "m1", "m2", "New messages", "m3", "m4"]);
  });
  it.each([
    ["has read everything", 4],
    ["was never here", null],
  ])("nothing is new to who %s", (_, readTo) =>
    expect(lines([said(3), said(4)], { readTo })).toEqual(["Today UTC", "m3", "m4"]),
  );
});

describe("a message", () => {
  it("is at an address of its own, on the page that has it, and links to it", () => {
    lines([said(123)]);
    expect(screen.getByText("m123").closest("li")?.id).toBe("m123");
    expect(screen.getByRole("link", { name: /^\S+, link to message 123$/ }).getAttribute("href")).toBe(
      "/chat/general?before=148#m123",
    );
  });
  it("of one's own says that it is sent, and nobody else's does", () => {
    lines([said(1), said(2, { user: 1, username: "ada" })]);
    const [, other, own] = screen.getAllByRole("listitem");
    expect(within(own!).getByText("Sent")).toBeTruthy();
    expect(within(other!).queryByText("Sent")).toBeNull();
  });
});

it("what is not known to be stored says how far it is, and offers Retry and Discard where it failed", () => {
  const states = ["waiting", "sending", "sent", "failed"] as const;
  const pending = states.map((state): Pending => ({ client_id: state, username: "ada", text: "a", state }));
  const [retry, discard] = [vi.fn(), vi.fn()];
  const error = "the server does not answer";
  render(
    <PendingMessages
      pending={[...pending.slice(0, 3), { ...pending[3]!, error }]}
      retry={retry}
      discard={discard}
    />,
  );
  const shown = screen.getAllByRole("listitem").map((item) => item.querySelector(".state")?.textContent);
  expect(shown).toEqual(["Waiting to be sent", "Sending…", "Sent", "Not sent: the server does not answer"]);
  fireEvent.click(screen.getByRole("button", { name: "Retry" }));
  fireEvent.click(screen.getByRole("button", { name: "Discard" }));
  expect([retry.mock.calls, discard.mock.calls]).toEqual([[["failed"]], [["failed"]]]);
});
