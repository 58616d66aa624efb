/** Pages of a list: what `django.core.paginator` stands for. */

import type { Page } from "~/components/pagination";

/**
 * The page that `asked` means, whatever a client sends: the first for what is below 1 or no number, the last
 * for what is past the end.
 *
 *     paginate("2", 137, 50)   // { number: 2, pages: 3, total: 137, offset: 50, limit: 50 }
 *     paginate("999", 137, 50) // number: 3
 *     paginate("x", 0, 50)     // number: 1, pages: 1
 */
export function paginate(asked: string | null | undefined, total: number, perPage: number): Page {
  const pages = Math.max(1, Math.ceil(total / perPage));
  const wanted = asked && /^\d+$/.test(asked) ? Number(asked) : 1;
  const number = Math.min(Math.max(wanted, 1), pages);
  return { number, pages, total, offset: (number - 1) * perPage, limit: perPage };
}
