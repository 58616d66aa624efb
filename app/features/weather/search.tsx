import { Form, Link } from "@remix-run/react";
import { Field } from "~/components/field";
import type { Problem } from "~/components/problem";

interface SearchProps {
  typed: string;
  recent: string[];
  problem: Problem | undefined;
}

/** The one field: the city is in the URL, so that what is found can be kept as a bookmark. */
export function Search({ typed, recent, problem }: SearchProps) {
  return (
    <section className="card search" aria-label="Search">
      <Form method="get" action="/weather" role="search" noValidate>
        <Field name="city" label="City" problem={problem}>
          {(control) => (
            // With the key what stands there is what is shown, also after a link.
            <input {...control} key={typed} type="search" defaultValue={typed} autoComplete="off" />
          )}
        </Field>
        <button type="submit" className="button primary">
          Show weather
        </button>
      </Form>
      {recent.length > 0 && (
        <nav className="recent" aria-label="Recent cities">
          <Cities names={recent} />
          <Form method="post" action="/weather">
            <button type="submit" className="button quiet">
              Forget these
            </button>
          </Form>
        </nav>
      )}
    </section>
  );
}

/** Links to the weather of cities. */
export function Cities({ names }: { names: string[] }) {
  return (
    <ul className="cities">
      {names.map((name) => (
        <li key={name}>
          <Link to={`/weather?${new URLSearchParams({ city: name })}`}>{name}</Link>
        </li>
      ))}
    </ul>
  );
}
