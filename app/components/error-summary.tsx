import { type MouseEvent, useEffect, useRef } from "react";
import type { Problem } from "~/components/problem";

/**
 * What is wrong with a form, above it: each line leads to its field and says what the field says (GOV.UK Design
 * System, error summary). It takes the focus: `autofocus` without JavaScript, an effect with it.
 */
export function ErrorSummary({ problem }: { problem: Problem | undefined }) {
  const summary = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!problem) return;
    summary.current?.focus();
    // A form refused in place leaves the page's `meta` as it was.
    const { title } = document;
    if (title.startsWith("Error: ")) return;
    document.title = `Error: ${title}`;
    return () => {
      document.title = document.title.replace(/^Error: /, "");
    };
  }, [problem]);
  if (!problem) return null;
  return (
    <section
      className="problem"
      role="alert"
      tabIndex={-1}
      ref={summary}
      aria-labelledby="problem"
      // biome-ignore lint/a11y/noAutofocus: it says what has just happened.
      autoFocus
    >
      <h2 id="problem">There is a problem</h2>
      <ul>
        {problem.errors.map(({ name, message }) => (
          <li key={name}>
            <a href={`#${name}`} onClick={goToField}>
              {message}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** To the field and no further: for the router a `#` is another page, which would end what is wrong with this one. */
function goToField(event: MouseEvent<HTMLAnchorElement>) {
  const field = document.getElementById(event.currentTarget.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.focus();
}
