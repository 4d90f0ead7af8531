import { fits, holds, join, productKey, productOf, size, type Cell, type Product } from "./product.ts";

/** Past these the search stops; they count steps, not time, so the answer is the same on every machine. */
const limits = { cells: 30, products: 3000, cellsOfProduct: 4096, nodes: 30_000 };

/**
 * The least number of products that hold all the cells and nothing that isn't allowed; undefined when there are too many to be sure.
 * Every largest allowed product is listed (the prime implicants of two-level logic minimisation), and the fewest that hold
 * all cells are found by branch and bound. Only answers with fewer than `bound` products are looked for: else null.
 */
export function least(cells: readonly Cell[], allowed: (cell: Cell) => boolean, bound: number): Product[] | null | undefined {
  if (cells.length > limits.cells) return undefined;
  const primes = largest(cells, allowed);
  return primes === undefined ? undefined : cover(cells, primes, bound);
}

function largest(cells: readonly Cell[], allowed: (cell: Cell) => boolean): Product[] | undefined {
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
      const key = productKey(wider);
      const known = seen.has(key);
      if (!known && !fits(wider, allowed)) continue;
      grows = true;
      if (known) continue;
      seen.add(key);
      open.push(wider);
      if (seen.size > limits.products) return undefined;
    }
    if (!grows) found.push(product);
  }
  return found;
}

function cover(cells: readonly Cell[], primes: readonly Product[], bound: number): Product[] | null | undefined {
  const masks = primes.map((prime) => cells.reduce((mask, cell, index) => (holds(prime, cell) ? mask | (1 << index) : mask), 0));
  const widest = Math.max(...masks.map(bits));
  const holders = cells.map((_, index) =>
    masks.flatMap((mask, prime) => (mask & (1 << index) ? [prime] : [])).sort((a, b) => bits(masks[b] ?? 0) - bits(masks[a] ?? 0)),
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
    if (++nodes > limits.nodes || chosen.length + Math.ceil(bits(left) / widest) >= limit) return;
    let fewest: readonly number[] | undefined;
    for (const [index, able] of holders.entries()) {
      if (left & (1 << index) && (fewest === undefined || able.length < fewest.length)) fewest = able;
    }
    for (const prime of fewest ?? []) search(left & ~(masks[prime] ?? 0), [...chosen, prime]);
  };
  search(2 ** cells.length - 1, []);
  if (nodes > limits.nodes) return undefined;
  return best === null ? null : primes.filter((_, index) => best?.includes(index));
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
