import { createRemixStub } from "@remix-run/testing";
import { render, screen, within } from "@testing-library/react";
import type { ReactNode } from "react";
import { describe, expect, it } from "vitest";
import { counted } from "~/components/counted";
import { ErrorPage } from "~/components/error-page";
import { ErrorSummary } from "~/components/error-summary";
import { Field } from "~/components/field";
import { FlashMessages } from "~/components/flash-messages";
import { pageTitle } from "~/components/page-title";
import { Pagination } from "~/components/pagination";
import type { Problem } from "~/components/problem";
import { RelativeTime, relativeTime } from "~/components/relative-time";

/** Renders `element` at a URL of the site. */
function show(element: ReactNode, url = "/") {
  const Stub = createRemixStub([{ path: "*", Component: () => element }]);
  return render(<Stub initialEntries={[url]} />);
}

describe("Pagination", () => {
  const page = (number: number, pages: number) => ({
    number,
    pages,
    total: pages * 50,
    offset: 0,
    limit: 50,
  });
  const href = (name: string) => screen.getByRole("link", { name }).getAttribute("href");

  it("keeps the rest of the query, whatever it holds", () => {
    show(<Pagination page={page(2, 3)} />, "/todos?q=a%26b%3Dc&page=2");
    expect(href("Next")).toBe("/todos?q=a%26b%3Dc&page=3");
    expect(href("Page 1")).toBe("/todos?q=a%26b%3Dc&page=1");
  });
  it("marks the current page and says which of how many it is", () => {
    show(<Pagination page={page(2, 7)} />);
    expect(screen.getByRole("link", { current: "page" }).textContent).toBe("2");
    expect(screen.getByText("Page 2 of 7")).toBeTruthy();
  });
  it("has no Previous on the first page and no Next on the last", () => {
    const { unmount } = show(<Pagination page={page(1, 2)} />);
    expect(screen.queryByRole("link", { name: "Previous" })).toBeNull();
    unmount();
    show(<Pagination page={page(2, 2)} />);
    expect(screen.queryByRole("link", { name: "Next" })).toBeNull();
  });
  it("is absent where there is one page", () => {
    show(<Pagination page={page(1, 1)} />);
    expect(screen.queryByRole("navigation")).toBeNull();
  });
});

describe("a refused form", () => {
  const problem: Problem = {
    values: { email: "ada@" },
    errors: [
      { name: "email", message: "Enter an email address" },
      { name: "message", message: "Enter a message" },
    ],
  };
  it("lists what is wrong, each line a link to its field, and takes the focus", () => {
    show(<ErrorSummary problem={problem} />);
    const summary = screen.getByRole("alert", { name: "There is a problem" });
    expect(document.activeElement).toBe(summary);
    const links = within(summary).getAllByRole("link");
    expect(links.map((link) => [link.getAttribute("href"), link.textContent])).toEqual([
      ["#email", "Enter an email address"],
      ["#message", "Enter a message"],
    ]);
  });
  it("begins the document's title with Error, and ends that with the problem", () => {
    document.title = "Contact · Tenfold";
    const { unmount } = show(<ErrorSummary problem={problem} />);
    expect(document.title).toBe("Error: Contact · Tenfold");
    unmount();
    expect(document.title).toBe("Contact · Tenfold");
  });
  it("says the same words at the field, which keeps what was typed", () => {
    show(
      <Field name="email" label="Email" hint="To answer you" problem={problem}>
        {(control) => <input {...control} />}
      </Field>,
    );
    const input = screen.getByRole("textbox", {
      name: "Email",
      description: "To answer you Enter an email address",
    });
    expect(input).toMatchObject({ id: "email", value: "ada@" });
    expect(input.getAttribute("aria-invalid")).toBe("true");
  });
  it("leaves a field without a fault alone", () => {
    show(
      <Field name="topic" label="Topic" problem={problem}>
        {(control) => <input {...control} />}
      </Field>,
    );
    const input = screen.getByRole("textbox", { name: "Topic" });
    expect([input.getAttribute("aria-invalid"), input.getAttribute("aria-describedby")]).toEqual([
      null,
      null,
    ]);
  });
});

describe("pageTitle", () => {
  const root = (invalid: boolean) => [{ id: "root", data: { invalid } }];
  it.each([
    ["Contact", false, "Contact · Tenfold"],
    ["Contact", true, "Error: Contact · Tenfold"],
    [undefined, false, "Tenfold"],
  ])("of %s, refused %s, is %s", (title, invalid, expected) => {
    expect(pageTitle(root(invalid), title)).toEqual([{ title: expected }]);
  });
  it("manages without the root's data", () => expect(pageTitle([], "X")).toEqual([{ title: "X · Tenfold" }]));
});

describe("FlashMessages", () => {
  it("is a status region also while it is empty", () => {
    show(<FlashMessages flashes={[]} />);
    expect(screen.getByRole("status").textContent).toBe("");
  });
  it("shows each message with the button that posts its action", () => {
    const action = { label: "Undo", path: "/todos/1/restore" };
    show(<FlashMessages flashes={[{ kind: "success", text: "Deleted “x”.", action }]} />);
    const status = screen.getByRole("status");
    expect(status.textContent).toContain("Deleted “x”.");
    const form = within(status).getByRole("button", { name: "Undo" }).closest("form");
    expect([form?.method, form?.getAttribute("action")]).toEqual(["post", "/todos/1/restore"]);
  });
});

describe("ErrorPage", () => {
  const thrown = (status: number) => ({ status, statusText: "", internal: false, data: null });
  it.each([
    [400, "The request was damaged"],
    [403, "You may not do this"],
    [404, "Nothing is here"],
    [405, "This address cannot be used like that"],
    [413, "That is too large"],
    [422, "Something in the form is not right"],
    [500, "Something went wrong here"],
    [418, "Something went wrong here"],
  ])("of %i says “%s” and what to do next", (status, title) => {
    show(<ErrorPage error={thrown(status)} />, "/x?y=1");
    expect(screen.getByRole("heading", { name: title })).toBeTruthy();
    expect(screen.getByText(String(status))).toBeTruthy();
    expect(screen.getByRole("link", { name: "Go to the start page" }).getAttribute("href")).toBe("/");
  });
  it("of a form from another site says so", () => {
    show(<ErrorPage error={{ ...thrown(403), data: "cross-site" }} />);
    expect(screen.getByRole("heading", { name: "This request came from another site" })).toBeTruthy();
  });
  it("of a fault says nothing of what went wrong inside", () => {
    const { container } = show(<ErrorPage error={new Error("secret stack")} />);
    expect(screen.getByRole("heading", { name: "Something went wrong here" })).toBeTruthy();
    expect(container.textContent).not.toContain("secret");
  });
  it("of a connection that is gone says so", () => {
    show(<ErrorPage error={new TypeError("Failed to fetch")} />);
    expect(screen.getByRole("heading", { name: "The server cannot be reached" })).toBeTruthy();
  });
});

describe("a relative time", () => {
  const now = Date.UTC(2026, 0, 31, 12);
  it.each([
    [10, "just now"],
    [59, "59 sec. ago"],
    [12 * 60, "12 min. ago"],
    [3 * 3600, "3 hr. ago"],
    [26 * 3600, "yesterday"],
    [8 * 86400, "last wk."],
    [400 * 86400, "last yr."],
    [-7200, "in 2 hr."],
  ])("%i seconds back is “%s”", (seconds, words) => {
    expect(relativeTime(new Date(now - seconds * 1000), now)).toBe(words);
  });
  it("has the exact time in UTC as its title and its datetime", () => {
    show(<RelativeTime at={new Date(now)} />);
    const time = document.querySelector("time");
    expect([time?.title, time?.dateTime]).toEqual(["2026-01-31 12:00 UTC", "2026-01-31T12:00Z"]);
  });
});

it.each([
  [counted(0, "file"), "0 files"],
  [counted(1, "file"), "1 file"],
  [counted(1_200, "file"), "1,200 files"],
  [counted(2, "entry", "entries"), "2 entries"],
])("how many there are is told as %j", (words, told) => expect(words).toBe(told));
