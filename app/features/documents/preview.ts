import type { LoaderFunctionArgs } from "@remix-run/node";
import { notFound } from "~/services/http.server";
import { documentFor } from "./access.server";
import { noting, preview } from "./serve.server";

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { user, document } = await documentFor(request, params);
  const answer = await preview({ request, context }, document);
  if (!answer) throw notFound();
  return noting(answer, () => document.noteReading("open", user));
}
