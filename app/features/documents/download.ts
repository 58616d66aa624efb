import type { LoaderFunctionArgs } from "@remix-run/node";
import { documentFor } from "./access.server";
import { download, noting } from "./serve.server";

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { user, document } = await documentFor(request, params);
  const answer = await download({ request, context }, document);
  return noting(answer, () => document.noteReading("download", user));
}
