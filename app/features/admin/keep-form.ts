import type { ShouldRevalidateFunctionArgs } from "@remix-run/react";

/** A form that comes back keeps what is in it, also what is done while it comes: it is not opened anew. */
export const keepForm = ({ actionResult, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs) =>
  defaultShouldRevalidate && !actionResult?.problem && !actionResult?.refused;
