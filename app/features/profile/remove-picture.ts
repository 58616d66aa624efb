import type { ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { Profile } from "#models/profile.server";
import * as files from "~/services/files.server";
import { redirectWithFlash } from "~/services/flash.server";
import { readForm } from "~/services/forms.server";
import { ownerOf } from "./owner.server";

export async function action({ request }: ActionFunctionArgs) {
  const owner = await ownerOf(request);
  const form = await readForm(request, z.object({ owner: owner.field }));
  if (form.problem) {
    const text = "You have signed in or out meanwhile. Nothing was changed.";
    return redirectWithFlash(request, "/profile", { kind: "error", text });
  }
  await files.remove(...(await Profile.removePicture(owner.id, owner.by)));
  return redirectWithFlash(request, "/profile", { kind: "success", text: "Removed the picture." });
}
