import { bitsIn } from "./numbers.ts";
import { canShare } from "./parts.ts";
import { primes } from "./primes.ts";
import { holds, type Cell, type Product } from "./product.ts";

/** Past these the search stops; they count steps, not time, so the answer is the same on every machine. */
const limits = { cells: 30, nodes: 30_000 };

/**
 * The least number of products that hold all the cells and nothing that isn't allowed; undefined when there are too many to be sure.
 * Of all prime implicants, the fewest that hold all cells are found by branch and bound. Only answers with fewer than `bound`
 * products are looked for: else null.
 */
export function minimum(cells: readonly Cell[], allowed: (cell: Cell) => boolean, bound: number): Product[] | null | undefined {
  if (cells.length > limits.cells) return undefined;
  if (apart(cells, allowed) >= bound) return null;
  const products = primes(cells, allowed);
  return products === undefined ? undefined : cover(cells, products, bound);
}

/** A number of cells no two of which can share a rule: each needs one of its own. Those that can with few are looked at first. */
function apart(cells: readonly Cell[], allowed: (cell: Cell) => boolean): number {
  const sharing = cells.map((cell) => cells.map((other) => cell !== other && canShare(cell, other, allowed)));
  const partners = sharing.map((row) => row.filter(Boolean).length);
  const found: number[] = [];
  for (const index of [...cells.keys()].sort((a, b) => (partners[a] ?? 0) - (partners[b] ?? 0)))
    if (found.every((other) => !sharing[index]?.[other])) found.push(index);
  return found.length;
}

function cover(cells: readonly Cell[], products: readonly Product[], bound: number): Product[] | null | undefined {
  const masks = products.map((prime) => cells.reduce((mask, cell, index) => (holds(prime, cell) ? mask | (1 << index) : mask), 0));
  const widest = Math.max(...masks.map(bitsIn));
  const holders = cells.map((_, index) =>
    masks.flatMap((mask, prime) => (mask & (1 << index) ? [prime] : [])).sort((a, b) => bitsIn(masks[b] ?? 0) - bitsIn(masks[a] ?? 0)),
  );
  let best = null as readonly number[] | null;
  let limit = bound;
  let nodes = 0;

  const search = (left: number, chosen: number[]): void => {
    if (left === 0) {
      best = chosen;
      limit = chosen.length;
      return;
    }
    if (++nodes > limits.nodes || chosen.length + Math.ceil(bitsIn(left) / widest) >= limit) return;
    let fewest: readonly number[] | undefined;
    for (const [index, able] of holders.entries()) {
      if (left & (1 << index) && (fewest === undefined || able.length < fewest.length)) fewest = able;
    }
    for (const prime of fewest ?? []) search(left & ~(masks[prime] ?? 0), [...chosen, prime]);
  };
  search(2 ** cells.length - 1, []);
  if (nodes > limits.nodes) return undefined;
  return best === null ? null : products.filter((_, index) => best?.includes(index));
}
