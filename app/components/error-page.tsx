import { isRouteErrorResponse, Link, useLocation } from "@remix-run/react";

/** What each status means to a person, and what to do next. */
const WORDS: Record<number, { title: string; text: string }> = {
  400: {
    title: "The request was damaged",
    text: "Part of the address or of the form could not be read. Go back, check it and send it again.",
  },
  403: {
    title: "You may not do this",
    text: "Your account lacks the permission. Nothing was changed. Ask who runs this site, or sign in with another account.",
  },
  404: {
    title: "Nothing is here",
    text: "The address may be mistyped, or what was here has been deleted.",
  },
  405: {
    title: "This address cannot be used like that",
    text: "It is used by a button of a page and has no page of its own. Nothing was changed.",
  },
  413: {
    title: "That is too large",
    text: "What you sent is over the limit and was not stored. Go back; what you typed is still there. Send less at a time.",
  },
  422: {
    title: "Something in the form is not right",
    text: "It could not be taken as it is. Go back; what you typed is still there.",
  },
  500: {
    title: "Something went wrong here",
    text: "The fault is ours, and it has been noted. Try again in a moment.",
  },
};

const OFFLINE = {
  title: "The server cannot be reached",
  text: "Check your connection, then load the page again.",
};

const CROSS_SITE = {
  title: "This request came from another site",
  text: "To protect you, forms are only taken from this site's own pages. Nothing was changed. Open the page here and try again.",
};

/**
 * Whether no whole answer came: a fetch without one throws a TypeError in the browser, and of one that broke off Remix
 * says that it could not decode it. On the server a TypeError is a fault like any other.
 */
export const isCutOff = (error: unknown) =>
  typeof document !== "undefined" &&
  (error instanceof TypeError || (error instanceof Error && /^Unable to decode/.test(error.message)));

function wordsFor(error: unknown) {
  if (isCutOff(error)) return OFFLINE;
  if (!isRouteErrorResponse(error)) return WORDS[500]!;
  return error.data === "cross-site" ? CROSS_SITE : (WORDS[error.status] ?? WORDS[500]!);
}

export const titleOfError = (error: unknown) => wordsFor(error).title;

/** Says what happened and what to do next. */
export function ErrorPage({ error }: { error: unknown }) {
  const { title, text } = wordsFor(error);
  const { pathname } = useLocation();
  const mayPass = !isRouteErrorResponse(error) || error.status >= 500;
  return (
    <section className="error-page">
      <p className="status">{isRouteErrorResponse(error) ? error.status : "Error"}</p>
      <h1>{title}</h1>
      <p>{text}</p>
      <p className="actions">
        <Link className="button primary" to="/">
          Go to the start page
        </Link>
        {mayPass && (
          <a className="button" href={pathname}>
            Try again
          </a>
        )}
      </p>
    </section>
  );
}
