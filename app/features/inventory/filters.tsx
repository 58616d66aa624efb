import { Form, useNavigate, useSearchParams } from "@remix-run/react";
import { type FormEvent, useEffect, useRef } from "react";
import type { ItemQuery } from "#models/item-search.server";
import { listSearch, queryOf } from "./query";

/** Milliseconds of rest in typing after which the results follow. */
const REST = 200;

/** Search and filters: one form. With JavaScript the results follow what is typed, and so does the URL. */
export function Filters({ query, locations }: { query: ItemQuery; locations: string[] | null }) {
  const { q, low, location } = query;
  const { form, follow, settle, submit, rest } = useResultsAsTyped(query);
  const [params] = useSearchParams();
  const sort = params.get("sort");
  const isListed = location === "" || locations?.includes(location);
  return (
    <Form
      ref={form}
      method="get"
      action="/inventory"
      role="search"
      className="finder"
      // What a browser would put in again when it loads the page anew is not what the page lists.
      autoComplete="off"
      onSubmit={submit}
    >
      <label className="wide">
        <span>Search by name or SKU</span>
        <input
          type="search"
          name="q"
          defaultValue={q}
          maxLength={200}
          spellCheck={false}
          onInput={follow}
          onBlur={rest}
        />
      </label>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: each branch holds one. */}
      <label>
        <span>Location</span>
        {locations ? (
          <select name="location" defaultValue={location} onInput={settle}>
            <option value="">Anywhere</option>
            {(isListed ? locations : [...locations, location]).map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        ) : (
          <input name="location" defaultValue={location} />
        )}
      </label>
      <label className="tick">
        <input type="checkbox" name="low" value="1" defaultChecked={low} onInput={settle} /> Low stock
      </label>
      {sort && <input type="hidden" name="sort" value={sort} />}
      <button type="submit" className="button">
        Search
      </button>
    </Form>
  );
}

/**
 * Goes to what the form asks for: `follow` when typing has rested, `settle` and `submit` at once. One stretch of typing is one step
 * of the history, so that Back leads to what there was before it; `rest` ends it.
 */
function useResultsAsTyped(query: ItemQuery) {
  const navigate = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const shown = filtersOf(query);
  const sent = useRef(shown);
  const isTyping = useRef(false);

  const go = (replace: boolean) => {
    clearTimeout(timer.current);
    const fields = new FormData(form.current!) as unknown as Record<string, string>;
    const params = new URLSearchParams(fields);
    sent.current = filtersOf(queryOf(params));
    navigate(`/inventory${listSearch(params)}`, { replace, preventScrollReset: true });
  };
  const follow = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      go(isTyping.current);
      isTyping.current = true;
    }, REST);
  };
  const settle = () => {
    isTyping.current = false;
    go(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    settle();
  };
  const rest = () => {
    isTyping.current = false;
  };

  const { q, low, location } = query;
  useEffect(() => {
    // The URL changed otherwise, such as by Back; what has been typed or chosen since it was sent stays.
    if (shown === sent.current) return;
    sent.current = shown;
    isTyping.current = false;
    clearTimeout(timer.current);
    controlOf(form.current!, "q").value = q;
    controlOf(form.current!, "location").value = location;
    controlOf(form.current!, "low").checked = low;
  }, [shown, q, low, location]);
  useEffect(() => () => clearTimeout(timer.current), []);

  return { form, follow, settle, submit, rest };
}

const filtersOf = ({ q, low, location }: ItemQuery) => JSON.stringify({ q, low, location });
const controlOf = (form: HTMLFormElement, name: string) => form.elements.namedItem(name) as HTMLInputElement;
