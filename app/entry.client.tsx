import { RemixBrowser } from "@remix-run/react";
import { StrictMode, startTransition, useEffect } from "react";
import { hydrateRoot } from "react-dom/client";
import { keepEarlyInput } from "~/components/early-input";

/**
 * Until it has decoded the loaders' data, `RemixBrowser` suspends the whole document, and a key pressed meanwhile
 * ends in React's error 345 (remix-run/remix#10214). It throws what it waits for, so that can be awaited before.
 */
async function decoded() {
  try {
    RemixBrowser({});
  } catch (waiting) {
    await waiting;
  }
}

/**
 * Where a browser is told to let no page keep anything, the very name of the store throws, and Remix would follow no link
 * and send no form: there it is one that ends with the document.
 */
function withSessionStorage() {
  try {
    void window.sessionStorage;
  } catch {
    const kept = new Map<string, string>();
    const value: Pick<Storage, "getItem" | "setItem" | "removeItem"> = {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, text) => void kept.set(key, text),
      removeItem: (key) => void kept.delete(key),
    };
    Object.defineProperty(window, "sessionStorage", { value });
  }
}

const tellEarlyInput = keepEarlyInput();

/** Its effect comes after those of all that is on the page. */
function Alive() {
  useEffect(tellEarlyInput, []);
  return null;
}

withSessionStorage();
decoded().then(() =>
  startTransition(() => {
    hydrateRoot(
      document,
      <>
        <StrictMode>
          <RemixBrowser />
        </StrictMode>
        <Alive />
      </>,
    );
  }),
);
