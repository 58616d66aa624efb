import type { LoaderFunctionArgs } from "@remix-run/node";
import { csvResponse } from "~/services/csv.server";
import { headingsOf, linesOf } from "./csv.server";
import { listQuery } from "./query.server";
import { screenFor } from "./screen.server";

/** Exactly what the list shows, all pages of it. */
export async function loader(args: LoaderFunctionArgs) {
  const { request, params } = args;
  const { entry, user } = await screenFor(request, params);
  const query = await listQuery(entry, request.url, user);
  return csvResponse(args, entry.key, headingsOf(query), linesOf(entry, query));
}
