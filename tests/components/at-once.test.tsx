import { Link, useLoaderData } from "@remix-run/react";
import { createRemixStub } from "@remix-run/testing";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { useAtOnce } from "~/components/at-once";

// What jsdom does not know yet.
Object.defineProperty(HTMLButtonElement.prototype, "formAction", {
  get(this: HTMLButtonElement) {
    return new URL(this.getAttribute("formaction") ?? "", location.href).href;
  },
});

afterEach(() => void vi.unstubAllGlobals());

/** A list whose rows are deleted at once; what each request is waiting for. */
function list() {
  const rows = new Set(["a", "b", "c"]);
  const answers = new Map<string, () => void>();
  const loaded = vi.fn();
  vi.stubGlobal(
    "fetch",
    vi.fn(
      (path: string) =>
        new Promise((resolve) => {
          answers.set(path, () => {
            rows.delete(path.slice(1));
            resolve({ type: "opaqueredirect" });
          });
        }),
    ),
  );
  function Rows() {
    const { onSubmit, pending } = useAtOnce();
    return (
      <form onSubmit={onSubmit}>
        {[...rows].map((row) => (
          <button key={row} type="submit" formAction={`/${row}`}>
            {row}
          </button>
        ))}
        <Link to="/other">go on</Link>
        <output>{pending.join(" ")}</output>
      </form>
    );
  }
  function Other() {
    return <p>left: {useLoaderData<{ rows: string[] }>().rows.join(" ")}</p>;
  }
  const loader = () => {
    loaded();
    return { rows: [...rows] };
  };
  const Stub = createRemixStub([
    { path: "/", Component: Rows, loader, HydrateFallback: () => null },
    { path: "/other", Component: Other, loader },
  ]);
  render(<Stub />);
  return { answers, loaded };
}

it("what is answered while the page asks for its data leaves what is under way as well", async () => {
  const { answers, loaded } = list();
  fireEvent.click(await screen.findByText("a"));
  fireEvent.click(screen.getByText("b"));
  expect(screen.getByRole("status").textContent).toBe("/a /b");
  // Between the question for new data and the next look at the page.
  loaded.mockImplementationOnce(() => answers.get("/b")!());
  answers.get("/a")!();
  await waitFor(() => expect(screen.getByRole("status").textContent).toBe(""));
});

it("what is answered when one has gone on is on the page that one has gone on to", async () => {
  const { answers } = list();
  fireEvent.click(await screen.findByText("a"));
  fireEvent.click(screen.getByText("go on"));
  await screen.findByText("left: a b c");
  answers.get("/a")!();
  await screen.findByText("left: b c");
});

it("of several that are answered when one has gone on, that page is asked for once, after the last", async () => {
  const { answers, loaded } = list();
  fireEvent.click(await screen.findByText("a"));
  fireEvent.click(screen.getByText("b"));
  fireEvent.click(screen.getByText("go on"));
  await screen.findByText("left: a b c");
  const before = loaded.mock.calls.length;
  answers.get("/a")!();
  await Promise.resolve();
  answers.get("/b")!();
  await screen.findByText("left: c");
  expect(loaded.mock.calls.length).toBe(before + 1);
});
