import type { LoaderFunctionArgs } from "@remix-run/node";
import { csvHeaders } from "~/services/csv.server";
import { notFound } from "~/services/http.server";
import { csvOf } from "./csv.server";
import { listQuery } from "./query.server";
import { maySee } from "./registry.server";
import { screenFor } from "./screen.server";

/** Exactly what the list shows, all pages of it. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { entry, user } = await screenFor(request, params);
  if (!maySee(user, entry)) throw notFound();
  const query = await listQuery(entry, request.url);
  return new Response(csvOf(entry, query), { headers: csvHeaders(entry.key) });
}
