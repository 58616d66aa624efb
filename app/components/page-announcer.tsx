import { useLocation } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";

/**
 * Tells a screen reader the title of a page that came without a document being loaded, which it would not hear of: the
 * focus stays where it is. Another query is another page, also where its title is the same.
 */
export function PageAnnouncer() {
  const { pathname, search } = useLocation();
  const here = pathname + search;
  const last = useRef(here);
  const [told, setTold] = useState({ here, title: "" });
  useEffect(() => {
    if (last.current === here) return;
    last.current = here;
    setTold({ here, title: document.title });
  }, [here]);
  return (
    <div className="visually-hidden" aria-live="polite">
      <span key={told.here}>{told.title}</span>
    </div>
  );
}
