import { Link, useLocation } from "@remix-run/react";

export interface ListTableData {
  path: string;
  singular: string;
  plural: string;
  columns: { label: string; attribute?: string }[];
  rows: { id: number; name: string; cells: string[] }[];
  sort: string[];
  actions: { name: string; label: string }[];
  page: { total: number };
  isMore: boolean;
}

/** The rows, each with a tick, and what can be done with those that are ticked. */
export function ListTable({
  path,
  singular,
  plural,
  columns,
  rows,
  sort,
  actions,
  page,
  isMore,
}: ListTableData) {
  const { search } = useLocation();
  const mayPick = actions.length > 0;
  return (
    // A native form: what it opens is a page of its own.
    <form method="post" action={`${path}/action${search}`}>
      {mayPick && (
        <Actions
          actions={actions}
          all={`all ${page.total.toLocaleString("en")}${isMore ? "+" : ""} ${page.total === 1 ? singular : plural} of this result`}
        />
      )}
      <table className="list">
        <thead>
          <tr>
            {mayPick && <td />}
            {columns.map(({ label, attribute }) => (
              <th scope="col" key={label} aria-sort={attribute ? sortOf(sort, attribute) : undefined}>
                {attribute ? <Link to={sorted(search, sort, attribute)}>{label}</Link> : label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, name, cells }) => (
            <tr key={id}>
              {mayPick && (
                <td>
                  <input type="checkbox" name="id" value={id} aria-label={`Select ${name}`} />
                </td>
              )}
              {cells.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns never change places within a row.
                <td key={index} data-label={columns[index]?.label}>
                  {index === 0 ? <Link to={`${path}/${id}/change${search}`}>{cell || name}</Link> : cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </form>
  );
}

function Actions({ actions, all }: { actions: { name: string; label: string }[]; all: string }) {
  return (
    <div className="bulk">
      <label>
        <span>With those selected</span>
        <select name="action">
          {actions.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label className="tick">
        <input type="checkbox" name="all" value="1" /> {all}
      </label>
      <button type="submit" className="button">
        Go
      </button>
    </div>
  );
}

const sortOf = (sort: string[], attribute: string) =>
  sort.includes(attribute) ? "ascending" : sort.includes(`-${attribute}`) ? "descending" : undefined;

/** The list sorted by one more column first: up, then down, then not. */
function sorted(search: string, sort: string[], attribute: string) {
  const rest = sort.filter((name) => name !== attribute && name !== `-${attribute}`);
  const next = sort.includes(attribute)
    ? [`-${attribute}`, ...rest]
    : sort.includes(`-${attribute}`)
      ? rest
      : [attribute, ...rest];
  const query = new URLSearchParams(search);
  query.delete("page");
  if (next.length > 0) query.set("o", next.join("."));
  else query.delete("o");
  return `?${query}`;
}
