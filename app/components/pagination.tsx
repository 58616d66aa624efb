import { Link, useLocation } from "@remix-run/react";

/** One page of a list, as `paginate` makes it. */
export interface Page {
  /** From 1. */
  number: number;
  /** At least 1, also where there is nothing. */
  pages: number;
  total: number;
  /** Rows to pass over, and rows to take. */
  offset: number;
  limit: number;
}

/** Links to the pages of a list, with the rest of the query kept. Nothing where there is one page. */
export function Pagination({ page: { number, pages } }: { page: Page }) {
  const { search } = useLocation();
  if (pages === 1) return null;
  const to = (page: number) => {
    const query = new URLSearchParams(search);
    query.set("page", String(page));
    return `?${query}`;
  };
  return (
    <nav className="pages" aria-label="Pages">
      {number > 1 && (
        <Link to={to(number - 1)} rel="prev">
          Previous
        </Link>
      )}
      {elidedRange(number, pages).map((page) =>
        page < 0 ? (
          <span key={page}>…</span>
        ) : (
          <Link
            key={page}
            to={to(page)}
            aria-label={`Page ${page}`}
            aria-current={page === number ? "page" : undefined}
          >
            {page}
          </Link>
        ),
      )}
      {number < pages && (
        <Link to={to(number + 1)} rel="next">
          Next
        </Link>
      )}
      <small>{`Page ${number} of ${pages}`}</small>
    </nav>
  );
}

/**
 * Page numbers to link: `onEachSide` of the current one and `onEnds` at either end, as Django's
 * `get_elided_page_range`. What is left out after page n stands there as -n; a gap of one page is filled, its
 * number is as short.
 *
 *     elidedRange(6, 20) // [1, -1, 4, 5, 6, 7, 8, -8, 20]
 */
export function elidedRange(number: number, pages: number, onEachSide = 2, onEnds = 1): number[] {
  const shown = new Set<number>();
  const show = (from: number, to: number) => {
    for (let page = Math.max(from, 1); page <= Math.min(to, pages); page++) shown.add(page);
  };
  show(1, onEnds);
  show(number - onEachSide, number + onEachSide);
  show(pages - onEnds + 1, pages);
  const range: number[] = [];
  let last = 0;
  for (const page of shown) {
    if (page === last + 2) range.push(page - 1);
    else if (page > last + 2) range.push(-last);
    range.push(page);
    last = page;
  }
  return range;
}
