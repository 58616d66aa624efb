import { z } from "zod";
import { getUser } from "~/services/session.server";

const CHANGED =
  "You have signed in or out since this page was opened, so it shows another profile now. Nothing was changed. Save again to change this one";

/** Whose profile a request is about: of who is signed in, else of the site. */
export async function ownerOf(request: Request) {
  const user = await getUser(request);
  const username = user?.username ?? "";
  return {
    id: user?.id ?? null,
    /** Empty for the site. */
    username,
    by: user,
    /** The field in which a form says whose profile it was opened on: nobody changes another by mistake. */
    field: z
      .string()
      .default(username)
      .refine((opened) => opened === username, CHANGED),
  };
}
