import { bitsIn, dimensions, type Dimension, type Numbers } from "./numbers.ts";
import type { Cell, Product } from "./product.ts";

/** Past these the search stops; they count steps, not time, so the answer is the same on every machine. */
const limits = { products: 3000, cellsOfProduct: 4096 };

/**
 * The prime implicants: every allowed product of the cells' texts that no cell can be joined to; undefined when there are too many.
 * There may be 31 cells: each set of a product is a number meanwhile, with a bit for each text of the dimension.
 */
export function primes(cells: readonly Cell[], allowed: (cell: Cell) => boolean): Product[] | undefined {
  const texts = dimensions.map((dimension) => [...new Set(cells.map((cell) => cell[dimension]))].sort());
  const bitOf = (cell: Cell, dimension: Dimension): number => 1 << (texts[dimension]?.indexOf(cell[dimension]) ?? 0);
  const setOf = (bits: number, dimension: Dimension): string[] => (texts[dimension] ?? []).filter((_, index) => bits & (1 << index));
  const productOf = ([a, b, c, d]: Numbers): Product => [setOf(a, 0), setOf(b, 1), setOf(c, 2), setOf(d, 3)];
  const every = (bits: number, dimension: Dimension, is: (text: string) => boolean): boolean =>
    (texts[dimension] ?? []).every((text, index) => (bits & (1 << index)) === 0 || is(text));
  const fits = ([a, b, c, d]: Numbers): boolean =>
    every(a, 0, (w) => every(b, 1, (x) => every(c, 2, (y) => every(d, 3, (z) => allowed([w, x, y, z])))));

  const single = cells.map((cell): Numbers => [bitOf(cell, 0), bitOf(cell, 1), bitOf(cell, 2), bitOf(cell, 3)]);
  const open = [...single];
  const seen = new Set(single.map(keyOf));
  const found: Product[] = [];
  for (let bits = open.pop(); bits !== undefined; bits = open.pop()) {
    let grows = false;
    for (const cell of single) {
      if (holds(bits, cell)) continue;
      const wider = join(bits, cell);
      const key = keyOf(wider);
      if (!seen.has(key)) {
        if (wider.reduce((size, bits) => size * bitsIn(bits), 1) > limits.cellsOfProduct) return undefined;
        if (!fits(wider)) continue;
        seen.add(key);
        open.push(wider);
        if (seen.size > limits.products) return undefined;
      }
      grows = true;
    }
    if (!grows) found.push(productOf(bits));
  }
  return found;
}

function holds([a, b, c, d]: Numbers, cell: Numbers): boolean {
  return (a & cell[0]) !== 0 && (b & cell[1]) !== 0 && (c & cell[2]) !== 0 && (d & cell[3]) !== 0;
}

function join([a, b, c, d]: Numbers, cell: Numbers): Numbers {
  return [a | cell[0], b | cell[1], c | cell[2], d | cell[3]];
}

function keyOf([a, b, c, d]: Numbers): string {
  return `${a},${b},${c},${d}`;
}
