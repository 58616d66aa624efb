import type { LoaderFunctionArgs } from "@remix-run/node";
import * as files from "~/services/files.server";
import type { Handle } from "~/services/gate.server";
import { notFound } from "~/services/http.server";
import { servePicture } from "~/services/media.server";
import { AREA } from "./picture.server";

export const handle: Handle = { public: true };

/** A picture, from the moment that it is there: the preview shows it before its post is saved. */
export async function loader(args: LoaderFunctionArgs) {
  const key = `${AREA}/${args.params.name}`;
  const file = await files.open(key);
  if (!file) throw notFound();
  return servePicture(args, key, file, { isPrivate: false });
}
