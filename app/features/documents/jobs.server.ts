import { z } from "zod";
import { REMOVE_FILES } from "#models/document.server";
import { DAY } from "#models/time";
import { defineJob, noPayload } from "~/services/jobs.server";

/** Removes files that no document points to any more. Documents ask for it themselves. */
export const removeFiles = defineJob({
  name: REMOVE_FILES,
  schema: z.object({ keys: z.array(z.string()) }),
  handler: () => import("./remove-files.server"),
});

/** Holds every file against its checksum. It reads all of them. */
export const verifyFiles = defineJob({
  name: "verify-vault",
  schema: noPayload,
  attempts: 2,
  timeout: DAY,
  handler: () => import("./verify-vault.server"),
});
