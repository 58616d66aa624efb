import { Form, Link } from "@remix-run/react";
import { isFiltered, queryWith } from "./view";

/** Search and filters: one form, one URL to keep. */
export function Filters({ query, providers }: { query: URLSearchParams; providers: string[] }) {
  const value = (name: string) => query.get(name) ?? "";
  const select = (name: string, label: string, choices: [value: string, label: string][]) => (
    <label>
      <span>{label}</span>
      <select name={name} defaultValue={value(name)}>
        <option value="">All</option>
        {choices.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
  const filtered = isFiltered(query);
  const narrow = ["provider", "validity", "state", "from", "to"].some((name) => value(name));
  return (
    // Another key fills it in anew when the URL has changed.
    <Form method="get" action="/webhooks" className="inbox-filters" key={query.toString()} role="search">
      <div>
        <label>
          <span>Search</span>
          <input type="search" name="q" defaultValue={value("q")} />
        </label>
        <button type="submit" className="button">
          Apply
        </button>
      </div>
      <details open={narrow}>
        <summary>Filters{narrow ? ", some are set" : ""}</summary>
        <div>
          {select(
            "provider",
            "Provider",
            providers.map((name) => [name, name]),
          )}
          {select("validity", "Result", [
            ["accepted", "Accepted"],
            ["refused", "Refused"],
          ])}
          {select("state", "Processing", [
            ["waiting", "Waiting"],
            ["processed", "Processed"],
            ["failed", "Failed"],
          ])}
          <label>
            <span>From (UTC)</span>
            <input type="datetime-local" name="from" defaultValue={value("from")} />
          </label>
          <label>
            <span>Before (UTC)</span>
            <input type="datetime-local" name="to" defaultValue={value("to")} />
          </label>
        </div>
      </details>
      <p>
        {filtered && <Link to="/webhooks">Clear</Link>}
        <a href={`/webhooks/events/export.csv${queryWith(query, { after: null, before: null })}`} download>
          Download CSV
        </a>
      </p>
    </Form>
  );
}
