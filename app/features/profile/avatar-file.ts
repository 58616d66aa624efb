import type { LoaderFunctionArgs } from "@remix-run/node";
import { Profile } from "#models/profile.server";
import { config } from "~/services/config.server";
import * as files from "~/services/files.server";
import { notFound } from "~/services/http.server";
import { servePicture } from "~/services/media.server";
import { AREA } from "./picture.server";

/** A picture, for as long as a profile has it. */
export async function loader(args: LoaderFunctionArgs) {
  const key = `${AREA}/${args.params.name}`;
  const file = await files.open(key);
  if (!file || !(await Profile.pointsTo(key))) throw notFound();
  return servePicture(args, key, file, { isPrivate: config().REQUIRE_LOGIN });
}
