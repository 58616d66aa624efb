/** Whether there is enough of an item, in a word. */
export function State({ quantity, lowStock }: { quantity: number; lowStock: number }) {
  if (quantity === 0) return <span className="badge bad">Out</span>;
  if (quantity <= lowStock) return <span className="badge warn">Low</span>;
  return <span className="badge good">In stock</span>;
}
