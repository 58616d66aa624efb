import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useEffect } from "react";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { useRefresh } from "~/components/use-refresh";
import { fieldProblem } from "~/services/forms.server";
import { safeRedirect } from "~/services/http.server";
import { readCity } from "./city.server";
import { forecastFor, sourceHost } from "./forecast.server";
import { memoryOf, remembering, type Unit, withCity } from "./memory.server";
import { Now } from "./now";
import { Cities, Search } from "./search";
import { show } from "./show.server";
import stylesheet from "./weather.css?url";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export const meta: MetaFunction<typeof loader> = ({ matches, data }) => {
  if (data?.found === "problem") return pageTitle(matches, "Error: Weather");
  return pageTitle(matches, data?.found === "reading" ? `Weather in ${data.city}` : "Weather");
};

/** When to ask again, where the source was not there. */
export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;

const STATUS = { nothing: 200, reading: 200, unknown: 404, problem: 422, unavailable: 503 };

export async function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  const before = await memoryOf(request);
  const asked = searchParams.get("unit");
  const unit: Unit = asked === "c" || asked === "f" ? asked : before.unit;
  const answer = await answerTo(searchParams.get("city"), unit);
  const { city } = answer;
  const recent = answer.found === "reading" ? withCity(before.recent, city) : before.recent;
  const headers = await remembering(request, before, { unit, recent });
  if (answer.found === "unavailable") headers.set("Retry-After", "30");
  const others = before.recent.filter((other) => other !== city);
  return data(
    { ...answer, unit, recent: others, host: sourceHost() },
    { status: STATUS[answer.found], headers },
  );
}

/** What is known of what was typed. */
async function answerTo(typed: string | null, unit: Unit) {
  if (typed === null) return { found: "nothing", city: "" } as const;
  const { city, error } = { city: typed, ...readCity(typed) };
  if (error) return { found: "problem", city, problem: fieldProblem({ city }, "city", error) } as const;
  const forecast = await forecastFor(city);
  if (forecast.found !== "reading") return { found: forecast.found, city } as const;
  return { found: "reading", city, state: forecast.state, ...show(forecast.reading, unit) } as const;
}

/** Forgets the cities of this browser. */
export async function action({ request }: ActionFunctionArgs) {
  const before = await memoryOf(request);
  return safeRedirect("/weather", { headers: await remembering(request, before, { ...before, recent: [] }) });
}

export default function Weather() {
  const answer = useLoaderData<typeof loader>();
  const { found, city, recent, host, unit } = answer;
  const problem = found === "problem" ? answer.problem : undefined;
  useRenewal(found === "reading" && answer.state === "renewing", answer);
  return (
    <>
      <div className="head">
        <div>
          <h1>Weather</h1>
          <p>Now and the next days, in any city.</p>
        </div>
      </div>
      <ErrorSummary problem={problem} />
      <Search typed={city} recent={recent} problem={problem} />
      {found === "nothing" && (
        <section className="card empty">
          <p>Look up a city above, or begin with one of these.</p>
          <Cities names={["London", "Paris", "Tokyo", "Nairobi", "Reykjavik", "Auckland"]} />
        </section>
      )}
      {found === "unknown" && (
        <section className="card nothing">
          <h2>No city of this name is known</h2>
          <p>{`${host} knows no place called “${city}”. Check the spelling, or add the country.`}</p>
        </section>
      )}
      {found === "unavailable" && (
        <section className="card nothing" role="status">
          <h2>The source cannot be reached</h2>
          <p>
            {`The weather comes from ${host}, which does not answer as it should. That says nothing about “${city}”: its weather is not known for now. Try again in a minute.`}
          </p>
          <a className="button" href={`/weather?${new URLSearchParams({ city })}`}>
            Try again
          </a>
        </section>
      )}
      {found === "reading" && (
        <>
          <Now city={city} unit={unit} view={answer.now} state={answer.state} />
          <Html className="days" label="The next days" html={answer.days} />
          <Attribution host={host} />
        </>
      )}
    </>
  );
}

/** While a newer reading is on its way, looks for it. */
function useRenewal(isRenewing: boolean, news: unknown) {
  const refresh = useRefresh();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer that is still old is followed by a look.
  useEffect(() => {
    if (!isRenewing) return;
    const timer = setTimeout(refresh, 2_000);
    return () => clearTimeout(timer);
  }, [isRenewing, news, refresh]);
}

/** What was drawn on the server. */
const Html = ({ className, label, html }: { className: string; label: string; html: string }) => (
  // biome-ignore lint/security/noDangerouslySetInnerHtml: React has written it there, as it writes pages.
  <section className={className} aria-label={label} dangerouslySetInnerHTML={{ __html: html }} />
);

const Attribution = ({ host }: { host: string }) => (
  <p className="attribution">
    Weather from{" "}
    {host === "wttr.in" ? <a href="https://wttr.in">wttr.in</a> : `${host}, a server like wttr.in`}, with data
    of World Weather Online.
  </p>
);
