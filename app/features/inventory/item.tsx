import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { Item } from "#models/item.server";
import { OutOfRange, StockMove } from "#models/stock-move.server";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { RelativeTime } from "~/components/relative-time";
import { requirePermission } from "~/services/auth.server";
import { redirectWithFlash } from "~/services/flash.server";
import { fieldProblem, invalid } from "~/services/forms.server";
import { idParam, isId, notFound } from "~/services/http.server";
import { getUser } from "~/services/session.server";
import { Chart } from "./chart";
import { chartOf } from "./chart.server";
import { Ledger } from "./ledger";
import { MoveForm } from "./move-form";
import { booked, readMove } from "./move-form.server";
import { priceText } from "./price";
import { listSearch } from "./query";
import { State } from "./state";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

/** Moves that a page shows, and that the chart is drawn from. */
const SHOWN = 20;
const DRAWN = 300;

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, data ? `${data.item.name} · Inventory` : "Inventory");

export async function loader({ request, params }: LoaderFunctionArgs) {
  const item = await Item.find(idParam(params.id));
  if (!item) throw notFound();
  const asked = new URL(request.url).searchParams.get("before") ?? "";
  const before = isId(asked) ? Number(asked) : null;
  const newest = await StockMove.of(item.id, { limit: DRAWN });
  const moves = before === null ? newest : await StockMove.of(item.id, { before, limit: SHOWN + 1 });
  const user = await getUser(request);
  return {
    item,
    chart: chartOf(newest, newest.length < DRAWN),
    moves: moves.slice(0, SHOWN),
    hasMore: moves.length > SHOWN,
    isNewest: before === null,
    mayMove: Boolean(user?.can("add", "stock_move")),
    mayChange: Boolean(user?.can("change", "item")),
  };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const id = idParam(params.id);
  const by = await requirePermission(request, "add", "stock_move");
  const form = await readMove(request);
  if (form.problem) return invalid(form.problem);
  try {
    const move = await StockMove.book(id, form.value, by);
    if (!move) throw notFound();
    const here = listSearch(new URL(request.url).searchParams);
    return redirectWithFlash(request, `/inventory/${id}${here}`, { kind: "success", text: booked(move) });
  } catch (error) {
    if (error instanceof OutOfRange) return invalid(fieldProblem(form.typed, "amount", error.message));
    throw error;
  }
}

export default function ItemPage() {
  const { item, chart, moves, hasMore, isNewest, mayMove, mayChange } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const [params] = useSearchParams();
  const here = listSearch(params);
  const { id, name, sku, location, quantity, lowStock, price, updatedAt } = item;
  return (
    <article className="card item" aria-labelledby="item">
      <header>
        <h2 id="item">{name}</h2>
        <div className="actions">
          {mayChange && (
            <Link className="button quiet" to={`/inventory/${id}/edit${here}`}>
              Edit
            </Link>
          )}
          <Link className="button quiet" to={`/inventory${here}`}>
            Close
          </Link>
        </div>
      </header>
      <div className="pad">
        <ErrorSummary problem={problem} />
        <p className="stat">
          <small>In stock</small>
          <b>{quantity.toLocaleString("en")}</b>
          <State quantity={quantity} lowStock={lowStock} />
        </p>
        <Chart chart={chart} />
        <dl className="facts">
          <dt>SKU</dt>
          <dd className="mono">{sku}</dd>
          <dt>Location</dt>
          <dd>{location || "None"}</dd>
          <dt>Low at</dt>
          <dd>{lowStock.toLocaleString("en")}</dd>
          {price !== null && (
            <>
              <dt>Price</dt>
              <dd>{priceText(price)}</dd>
            </>
          )}
          <dt>Edited</dt>
          <dd>
            <RelativeTime at={updatedAt} />
          </dd>
        </dl>
        {mayMove && <MoveForm key={moves[0]?.id} action={`/inventory/${id}${here}`} problem={problem} />}
      </div>
      <Ledger id={id} here={here} moves={moves} hasMore={hasMore} isNewest={isNewest} />
    </article>
  );
}
