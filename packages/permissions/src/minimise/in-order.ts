import type { Cell, Product } from "./product.ts";

/** Cells or products in an order of their own, so that no answer depends on the order of what came in. */
export function inOrder<T extends Cell | Product>(rows: readonly T[]): T[] {
  const keyed = rows.map((row) => ({ row, key: JSON.stringify(row) }));
  return keyed.sort((a, b) => order(a.key, b.key)).map(({ row }) => row);
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
