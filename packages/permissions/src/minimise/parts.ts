import { inOrder } from "./in-order.ts";
import { fits, join, productOf, type Cell } from "./product.ts";

/** Past this many cells, or products, looking at every pair takes too long. */
export const pairs = 250;

/** Cells that can share a rule, directly or through others, are of one part. */
export function parts(cells: readonly Cell[], allowed: (cell: Cell) => boolean): Cell[][] {
  if (cells.length > pairs) return [[...cells]];
  const left = new Set(cells);
  const found: Cell[][] = [];
  for (const start of cells) {
    if (!left.delete(start)) continue;
    const part = [start];
    for (const cell of part) {
      for (const other of left) {
        if (!fits(join(productOf(cell), productOf(other)), allowed)) continue;
        left.delete(other);
        part.push(other);
      }
    }
    found.push(inOrder(part));
  }
  return found;
}
