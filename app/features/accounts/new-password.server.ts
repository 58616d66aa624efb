import { z } from "zod";
import { passwordProblem } from "#models/password.server";

/**
 * The field of a new password. What speaks against it whoever it is for is said together with what is wrong elsewhere,
 * so that nobody types it once more for each. What it has in common with the person is asked of the person.
 */
export const newPasswordField = (empty: string) =>
  z
    .string(empty)
    .min(1, { error: empty, abort: true })
    .superRefine(async (password, context) => {
      const weakness = await passwordProblem(password, []);
      if (weakness) context.addIssue(weakness);
    })
    .meta({ secret: true });
