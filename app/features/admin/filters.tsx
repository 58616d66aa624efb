import { Form, Link, useLocation } from "@remix-run/react";

interface FilterView {
  name: string;
  label: string;
  chosen: string;
  choices: { value: string; label: string }[];
}

/** Search and filters: one form, one button, one URL to keep. */
export function Filters({
  path,
  q,
  searches,
  filters,
  sort,
}: {
  path: string;
  q: string;
  searches: boolean;
  filters: FilterView[];
  sort: string[];
}) {
  const { search } = useLocation();
  const csv = `${path}/export.csv${search}`;
  return (
    // Another key fills it in anew when the URL has changed.
    <Form method="get" className="filters" key={search} role="search">
      {searches && (
        <label>
          <span>Search</span>
          <input type="search" name="q" defaultValue={q} />
        </label>
      )}
      {filters.map(({ name, label, chosen, choices }) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: each branch holds one.
        <label key={name}>
          <span>{label}</span>
          {choices.length > 0 ? (
            <select name={name} defaultValue={chosen}>
              <option value="">All</option>
              {choices.map((choice) => (
                <option key={choice.value} value={choice.value}>
                  {choice.label}
                </option>
              ))}
            </select>
          ) : (
            <input name={name} defaultValue={chosen} placeholder="Name or number" autoComplete="off" />
          )}
        </label>
      ))}
      {sort.length > 0 && <input type="hidden" name="o" value={sort.join(".")} />}
      <div className="actions">
        {(searches || filters.length > 0) && (
          <button type="submit" className="button">
            Apply
          </button>
        )}
        {search && (
          <Link className="button quiet" to={path}>
            Clear
          </Link>
        )}
        <a className="button quiet" href={csv} download>
          Download CSV
        </a>
      </div>
    </Form>
  );
}
