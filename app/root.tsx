import {
  data,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useMatches,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import { type ReactNode, useContext } from "react";
import { ErrorPage, titleOfError } from "~/components/error-page";
import { FlashMessages } from "~/components/flash-messages";
import { Navigation } from "~/components/navigation";
import { NonceContext } from "~/components/nonce";
import { PageAnnouncer } from "~/components/page-announcer";
import { pageTitle } from "~/components/page-title";
import { useSendOnce } from "~/components/send-once";
import { takeFlash } from "~/services/flash.server";
import type { Handle } from "~/services/gate.server";
import { getUser, staleCookie } from "~/services/session.server";
import stylesheet from "~/styles/app.css?url";

export { unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const meta: MetaFunction = ({ error, matches }) =>
  pageTitle(matches, error ? titleOfError(error) : undefined);

export const links: LinksFunction = () => [
  { rel: "stylesheet", href: stylesheet },
  { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" },
];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { flashes, headers } = await takeFlash(request);
  const user = await getUser(request);
  const stale = user ? undefined : await staleCookie(request);
  const cookies = new Headers(headers);
  if (stale) cookies.append("Set-Cookie", stale);
  const shown = user && { name: user.name, isStaff: user.isStaff, unseen: user.unseen };
  return data({ flashes, invalid: context.invalid ?? false, user: shown }, { headers: cookies });
}

export const handle: Handle = { public: true };

/** What an error says of itself, such as `Allow`, goes out with the page that shows it. */
export const headers: HeadersFunction = ({ errorHeaders }) => errorHeaders ?? new Headers();

/** What a loader tells where its page, without JavaScript, is to load itself anew: seconds and URL. */
interface Refreshing {
  refresh?: string | null;
}

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useContext(NonceContext);
  const { flashes = [], user = null, invalid } = useRouteLoaderData<typeof loader>("root") ?? {};
  const refreshes = useMatches().map(({ data }) => (data as Refreshing | undefined)?.refresh);
  const refresh = invalid ? undefined : refreshes.find(Boolean);
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <Meta />
        <Links />
        {refresh && (
          <noscript>
            <meta httpEquiv="refresh" content={refresh} />
          </noscript>
        )}
      </head>
      <body>
        <a className="skip" href="#main">
          Skip to content
        </a>
        <div className="shell">
          <Navigation user={user} />
          <main id="main" tabIndex={-1}>
            <FlashMessages flashes={flashes} />
            {children}
          </main>
        </div>
        <PageAnnouncer />
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function Root() {
  useSendOnce();
  return <Outlet />;
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
