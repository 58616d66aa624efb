import { useNavigate } from "@remix-run/react";
import { type RefObject, useEffect } from "react";

/**
 * Lets plain links within an element lead on without loading a document anew, as `<Link>` does: rendering a `<Link>`
 * costs the server some 10 µs, and the navigation has a dozen on every page. One that leads to a file and not to a page
 * says so by `data-file`.
 */
export function useFollowLinks(within: RefObject<HTMLElement>) {
  const navigate = useNavigate();
  useEffect(() => {
    const element = within.current;
    const follow = (event: MouseEvent) => {
      const link = (event.target as Element).closest("a");
      const isPlain =
        event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
      if (!link || link.dataset.file !== undefined || !isPlain || event.defaultPrevented) return;
      event.preventDefault();
      navigate(link.pathname + link.search);
    };
    element?.addEventListener("click", follow);
    return () => element?.removeEventListener("click", follow);
  }, [within, navigate]);
}
