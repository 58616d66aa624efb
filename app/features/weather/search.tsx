import { Form, Link, useNavigation } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { Field } from "~/components/field";
import type { Problem } from "~/components/problem";

interface SearchProps {
  typed: string;
  recent: string[];
  problem: Problem | undefined;
}

/** The one field: the city is in the URL, so that what is found can be kept as a bookmark. */
export function Search({ typed, recent, problem }: SearchProps) {
  const input = useShown(typed);
  return (
    <section className="card search" aria-label="Search">
      <Form method="get" action="/weather" role="search" noValidate>
        <Field name="city" label="City" problem={problem}>
          {(control) => (
            <input {...control} ref={input} type="search" defaultValue={typed} autoComplete="off" />
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

/** A field that holds what is shown, also after a link; unless something else was typed while that was on its way. */
function useShown(typed: string) {
  const input = useRef<HTMLInputElement>(null);
  const left = useRef(typed);
  const { location } = useNavigation();
  useEffect(() => {
    if (location && input.current) left.current = input.current.value;
  }, [location]);
  useEffect(() => {
    if (input.current?.value === left.current) input.current.value = typed;
  }, [typed]);
  return input;
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
