import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { Activity } from "#models/activity.server";
import { pageTitle } from "~/components/page-title";
import { features } from "~/features";
import { requireStaff } from "~/services/auth.server";
import stylesheet from "./admin.css?url";
import { deedView } from "./deed-view.server";
import { Deeds } from "./deeds";
import { labelOf } from "./fields.server";
import { countUpTo } from "./query.server";
import { entries, maySee, rights } from "./registry.server";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Admin");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

const RECENT = 15;

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireStaff(request);
  const seen = entries().filter((entry) => maySee(user, entry) || rights(user, entry).add);
  const models = await Promise.all(
    seen.map(async (entry) => {
      const sees = maySee(user, entry);
      const { total, isMore } = sees ? await countUpTo(entry, {}) : { total: 0, isMore: false };
      const count = sees ? `${total.toLocaleString("en")}${isMore ? "+" : ""}` : "";
      const { feature, path, plural } = entry;
      return {
        feature: features.find(({ name }) => name === feature)?.title ?? labelOf(feature),
        path,
        label: labelOf(plural),
        count,
        sees,
        mayAdd: rights(user, entry).add,
      };
    }),
  );
  const visible = seen.filter((entry) => maySee(user, entry));
  const deeds = await Activity.recent(
    visible.map(({ key }) => key),
    RECENT,
  );
  return { models, deeds: deeds.map((deed) => deedView(deed, entries())) };
}

export default function AdminIndex() {
  const { models, deeds } = useLoaderData<typeof loader>();
  const titles = [...new Set(models.map(({ feature }) => feature))];
  return (
    <>
      <h1>Admin</h1>
      {models.length === 0 && <p>You may not see anything here yet. Ask a superuser for permissions.</p>}
      <div className="two">
        <div className="stack">
          {titles.map((feature) => (
            <section className="card" key={feature}>
              <header>
                <h2>{feature}</h2>
              </header>
              <ul className="rows">
                {models
                  .filter((model) => model.feature === feature)
                  .map(({ path, label, count, sees, mayAdd }) => (
                    <li key={path}>
                      <span>
                        {sees ? <Link to={path}>{label}</Link> : label} <small>{count}</small>
                      </span>
                      {mayAdd && (
                        <Link className="button quiet end" to={`${path}/add`} aria-label={`Add to ${label}`}>
                          Add
                        </Link>
                      )}
                    </li>
                  ))}
              </ul>
            </section>
          ))}
        </div>
        <section className="card">
          <header>
            <h2>Recent actions</h2>
          </header>
          {deeds.length === 0 ? <p className="empty">Nothing has been done yet.</p> : <Deeds deeds={deeds} />}
        </section>
      </div>
    </>
  );
}
