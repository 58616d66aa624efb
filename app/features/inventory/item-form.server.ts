/** The form in which an item is written: what it may hold. */
import { z } from "zod";
import {
  type ItemView,
  itemLocation,
  itemLowStock,
  itemName,
  itemPrice,
  itemQuantity,
  itemSku,
} from "#models/item.server";
import { readForm } from "~/services/forms.server";
import { priceText } from "./price";

/** As people write it: `12.50`, `12,5` or `12`. In hundredths. */
const price = z
  .string()
  .default("")
  .transform((typed, context) => {
    const text = typed.trim();
    const { data, error } = itemPrice.safeParse(
      text === ""
        ? null
        : /^\d{1,12}([.,]\d{1,2})?$/.test(text)
          ? Math.round(Number(text.replace(",", ".")) * 100)
          : NaN,
    );
    if (!error) return data;
    context.addIssue({ code: "custom", message: "Price must be like 12.50, and 10,000,000.00 or less" });
    return z.NEVER;
  });

const written = {
  name: itemName,
  sku: itemSku,
  location: itemLocation,
  low_stock: itemLowStock,
  price,
};

/** Reads what is written of an item. */
export async function readItem(request: Request) {
  const form = await readForm(request, z.object({ ...written, version: z.string().default("") }));
  if (form.problem) return { problem: form.problem };
  const { low_stock: lowStock, version, ...rest } = form.value;
  return { values: { ...rest, lowStock }, version: new Date(Number(version)), typed: form.typed };
}

/** The same, and how many there are of a new one. */
export async function readNewItem(request: Request) {
  const form = await readForm(request, z.object({ ...written, quantity: itemQuantity }));
  if (form.problem) return { problem: form.problem };
  const { low_stock: lowStock, ...rest } = form.value;
  return { values: { ...rest, lowStock }, typed: form.typed };
}

/** What the form holds of an item: its fields as text, and which version they are. */
export const fieldsOf = ({ name, sku, location, lowStock, price, updatedAt }: ItemView) => ({
  name,
  sku,
  location,
  low_stock: String(lowStock),
  price: price === null ? "" : priceText(price),
  version: String(updatedAt.getTime()),
});
