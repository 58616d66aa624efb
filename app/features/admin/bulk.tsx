import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useActionData, useLoaderData, useLocation } from "@remix-run/react";
import { counted } from "~/components/counted";
import { pageTitle } from "~/components/page-title";
import { redirectWithFlash } from "~/services/flash.server";
import stylesheet from "./admin.css?url";
import { bulk, readSelection, tell } from "./bulk.server";
import { ConsequencesList, mayGo } from "./consequences-list";
import { Crumbs } from "./crumbs";
import { labelOf } from "./fields.server";
import { screenFor } from "./screen.server";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Are you sure?");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

/** The page is the answer to a form; by itself it has nothing to ask. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { entry } = await screenFor(request, params);
  return { label: labelOf(entry.plural), path: entry.path };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const screen = await screenFor(request, params);
  const { entry } = screen;
  const { search } = new URL(request.url);
  const selection = await readSelection(request, screen);
  const back = entry.path + search;
  if ("problem" in selection) {
    return redirectWithFlash(request, back, { kind: "error", text: selection.problem });
  }
  if (selection.confirmed) {
    const text = tell(await bulk(screen, selection), entry);
    return redirectWithFlash(request, back, { kind: "success", text });
  }
  const { ids, names, action, found, all } = selection;
  return {
    plural: entry.plural,
    singular: entry.singular,
    chosen: { name: action.name, label: action.label },
    ids: all ? [] : ids,
    all,
    count: ids.length,
    names,
    found,
  };
}

export default function AdminBulk() {
  const asked = useActionData<typeof action>();
  const { search } = useLocation();
  const { label, path } = useLoaderData<typeof loader>();
  if (!asked) {
    return (
      <>
        <Crumbs trail={[[label, path]]} />
        <h1>Nothing is selected</h1>
        <p>Select rows in the list and choose what to do with them.</p>
      </>
    );
  }
  const { singular, plural, chosen, ids, all, count, names, found } = asked;
  return (
    <>
      <Crumbs trail={[[label, path]]} />
      <h1>{chosen.label.replace(`the selected ${plural}`, counted(count, singular, plural))}?</h1>
      <section className="card asks">
        <div className="pad">
          <ul>
            {names.map((name, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat, and never change places.
              <li key={index}>{name}</li>
            ))}
            {names.length < count && <li>… and {(count - names.length).toLocaleString("en")} more</li>}
          </ul>
          {found && <ConsequencesList found={found} />}
          <form method="post" action={`${path}/action${search}`} className="actions">
            <input type="hidden" name="action" value={chosen.name} />
            <input type="hidden" name="confirm" value="1" />
            {all && <input type="hidden" name="all" value="1" />}
            {all && <input type="hidden" name="count" value={count} />}
            {ids.length > 0 && <input type="hidden" name="ids" value={ids.join(",")} />}
            {(!found || mayGo(found)) && (
              <button type="submit" className={`button ${found ? "danger" : "primary"}`}>
                Yes, do it
              </button>
            )}
            <Link className="button" to={`${path}${search}`}>
              Cancel
            </Link>
          </form>
        </div>
      </section>
    </>
  );
}
