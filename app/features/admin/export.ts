import type { LoaderFunctionArgs } from "@remix-run/node";
import { notFound } from "~/services/http.server";
import { streamed } from "~/services/stream.server";
import { csvOf } from "./csv.server";
import { listQuery } from "./query.server";
import { maySee } from "./registry.server";
import { screenFor } from "./screen.server";

/** Exactly what the list shows, all pages of it. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { entry, user } = await screenFor(request, params);
  if (!maySee(user, entry)) throw notFound();
  const query = await listQuery(entry, request.url, user);
  return new Response(streamed({ request, context }, csvOf(entry, query)), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="${entry.key}.csv"`,
      "Cache-Control": "private, no-store",
    },
  });
}
