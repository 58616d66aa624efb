import { useLocation } from "@remix-run/react";
import { useEffect, useState } from "react";

/**
 * Tells a screen reader the title of a page that came without a document being loaded, which it would not hear of: the
 * focus stays where it is. Another query is another page, also where its title is the same. A document needs none of it.
 */
export function PageAnnouncer() {
  const { pathname, search } = useLocation();
  const here = pathname + search;
  const [told, setTold] = useState<{ here: string; title: string } | null>(null);
  useEffect(
    () => setTold((last) => (last?.here === here ? last : { here, title: last ? document.title : "" })),
    [here],
  );
  return (
    told && (
      <div className="visually-hidden" aria-live="polite">
        <span key={told.here}>{told.title}</span>
      </div>
    )
  );
}
