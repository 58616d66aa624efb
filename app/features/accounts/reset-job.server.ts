import { z } from "zod";
import { defineJob } from "~/services/jobs.server";

/** Looks for who has an address, and mails each a link. It is asked for whatever the address: the request tells nothing. */
export const mailResetLinks = defineJob({
  name: "mail-reset-links",
  schema: z.object({ email: z.string(), site: z.url() }),
  handler: () => import("./mail-reset-links.server"),
});
