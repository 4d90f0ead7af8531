import { fits, holds, join, productKey, productOf, size, type Cell, type Product } from "./product.ts";

/** Past these the search stops; they count steps, not time, so the answer is the same on every machine. */
const limits = { products: 3000, cellsOfProduct: 4096 };

/** The prime implicants: every allowed product of the cells' texts that no cell can be joined to; undefined when there are too many. */
export function primes(cells: readonly Cell[], allowed: (cell: Cell) => boolean): Product[] | undefined {
  const seen = new Set<string>();
  const open = cells.map(productOf);
  const found: Product[] = [];
  for (const product of open) seen.add(productKey(product));
  for (let product = open.pop(); product !== undefined; product = open.pop()) {
    let grows = false;
    for (const cell of cells) {
      if (holds(product, cell)) continue;
      const wider = join(product, productOf(cell));
      if (size(wider) > limits.cellsOfProduct) return undefined;
      if (!fits(wider, allowed)) continue;
      grows = true;
      const key = productKey(wider);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(wider);
      if (seen.size > limits.products) return undefined;
    }
    if (!grows) found.push(product);
  }
  return found;
}
