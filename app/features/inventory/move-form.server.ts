/** The form by which stock moves: what it may hold, and what came of it in words. */
import { z } from "zod";
import { moveAmount, moveReference, REASONS } from "#models/stock-move.server";
import { readForm } from "~/services/forms.server";

const schema = z.object({
  reason: z.enum(REASONS, "Choose what to do"),
  amount: moveAmount,
  reference: moveReference,
});

export const readMove = (request: Request) => readForm(request, schema);

/** "Stock went up by 100 to 140." */
export function booked({ delta, balance }: { delta: number; balance: number }) {
  const now = balance.toLocaleString("en");
  if (delta === 0) return `Counted: there are ${now}, as there should be.`;
  return `Stock went ${delta > 0 ? "up" : "down"} by ${Math.abs(delta).toLocaleString("en")} to ${now}.`;
}
