import type { LoaderFunctionArgs } from "@remix-run/node";
import { Profile } from "#models/profile.server";
import { isFresh } from "~/services/conditional.server";
import { config } from "~/services/config.server";
import * as files from "~/services/files.server";
import { notFound } from "~/services/http.server";
import { streamed } from "~/services/stream.server";
import { AREA } from "./picture.server";

/** A picture, for as long as a profile has it. What its name stands for never changes. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const key = `${AREA}/${params.name}`;
  const file = await files.open(key);
  if (!file || !(await Profile.pointsTo(key))) throw notFound();
  const etag = `"${params.name}"`;
  const headers = {
    "Cache-Control": `${config().REQUIRE_LOGIN ? "private" : "public"}, max-age=31536000, immutable`,
    ETag: etag,
  };
  if (isFresh(request, etag)) return new Response(null, { status: 304, headers });
  return new Response(streamed({ request, context }, file.bytes), {
    headers: { ...headers, "Content-Type": "image/webp", "Content-Length": String(file.size) },
  });
}
