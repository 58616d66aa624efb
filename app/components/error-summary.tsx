import { type MouseEvent, useEffect } from "react";
import { Alert } from "~/components/alert";
import type { Problem } from "~/components/problem";

/**
 * What is wrong with a form, above it: each line leads to its field and says what the field says (GOV.UK Design
 * System, error summary). Nothing where nothing is wrong.
 */
export function ErrorSummary({ problem }: { problem: Problem | undefined }) {
  useEffect(() => {
    // A form refused in place leaves the page's `meta` as it was.
    const { title } = document;
    if (!problem?.errors.length || title.startsWith("Error: ")) return;
    document.title = `Error: ${title}`;
    return () => {
      document.title = document.title.replace(/^Error: /, "");
    };
  }, [problem]);
  if (!problem?.errors.length) return null;
  return (
    <Alert id="problem" title="There is a problem" news={problem}>
      <ul>
        {problem.errors.map(({ name, message }) => (
          <li key={name}>
            <a href={`#${name}`} onClick={goToField}>
              {message}
            </a>
          </li>
        ))}
      </ul>
    </Alert>
  );
}

/** To the field and no further: for the router a `#` is another page, which would end what is wrong with this one. */
export function goToField(event: MouseEvent<HTMLAnchorElement>) {
  const field = document.getElementById(event.currentTarget.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.focus();
  if (document.activeElement === field) return;
  // A heading or a group of fields takes the focus only when it is told to.
  field.tabIndex = -1;
  field.focus();
}
