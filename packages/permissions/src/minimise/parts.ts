import { inOrder } from "./in-order.ts";
import type { Cell } from "./product.ts";

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
        if (!canShare(cell, other, allowed)) continue;
        left.delete(other);
        part.push(other);
      }
    }
    found.push(inOrder(part));
  }
  return found;
}

/** Whether some rule may hold both cells: then it holds all that have each of their texts from one or the other. */
export function canShare(one: Cell, other: Cell, allowed: (cell: Cell) => boolean): boolean {
  const from = (choice: number, dimension: 0 | 1 | 2 | 3): string => (choice & (1 << dimension) ? one : other)[dimension];
  // Neither the first choice nor the last: these are the cells themselves.
  for (let choice = 1; choice < 15; choice++)
    if (!allowed([from(choice, 0), from(choice, 1), from(choice, 2), from(choice, 3)])) return false;
  return true;
}
