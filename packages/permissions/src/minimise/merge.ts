import { keyOf } from "../key.ts";
import { dimensions, packWithout, type Dimension } from "./numbers.ts";
import type { Product } from "./product.ts";

/** A product whose sets have numbers, equal ones the same: these make short keys. */
type Row = readonly [Numbered, Numbered, Numbered, Numbered];

interface Numbered {
  number: number;
  texts: readonly string[];
}

/** Up to how many products every order is tried. */
const few = 2500;

/**
 * Products that differ in one dimension only made one, one dimension after the other, in the order that leaves fewest.
 * Of many products, the dimension that leaves fewest is taken first. They hold exactly the cells that they held. Not always the
 * least number.
 */
export function merge(products: readonly Product[]): Product[] {
  const merging = new Merging();
  const rows = products.map((product) => merging.rowOf(product));
  const merged = rows.length > few ? merging.greedily(rows, dimensions) : merging.inBestOrder(rows, dimensions);
  return merged.map(([a, b, c, d]) => [a.texts, b.texts, c.texts, d.texts]);
}

class Merging {
  readonly #known = [
    new Map<string, Numbered>(),
    new Map<string, Numbered>(),
    new Map<string, Numbered>(),
    new Map<string, Numbered>(),
  ] as const;

  rowOf([a, b, c, d]: Product): Row {
    return [this.#numbered(a, 0), this.#numbered(b, 1), this.#numbered(c, 2), this.#numbered(d, 3)];
  }

  /** Of the orders that leave as few, the first. */
  inBestOrder(rows: readonly Row[], left: readonly Dimension[]): readonly Row[] {
    let best: readonly Row[] | undefined;
    for (const next of left) {
      const others = left.filter((dimension) => dimension !== next);
      const merged = this.inBestOrder(this.#along(rows, next), others);
      if (best === undefined || merged.length < best.length) best = merged;
    }
    return best ?? rows;
  }

  greedily(rows: readonly Row[], left: readonly Dimension[]): readonly Row[] {
    const counts = left.map((dimension) => new Set(rows.map((row) => keyWithout(row, dimension))).size);
    const next = left[counts.indexOf(Math.min(...counts))];
    if (next === undefined) return rows;
    return this.greedily(
      this.#along(rows, next),
      left.filter((dimension) => dimension !== next),
    );
  }

  #along(rows: readonly Row[], dimension: Dimension): readonly Row[] {
    const alike = Map.groupBy(rows, (row) => keyWithout(row, dimension));
    return alike.size === rows.length ? rows : [...alike.values()].map((group) => this.#widened(group, dimension));
  }

  #widened(group: readonly Row[], dimension: Dimension): Row {
    const [first, ...others] = group;
    if (first === undefined) throw new RangeError("nothing to merge");
    if (others.length === 0) return first;
    const set = this.#numbered([...new Set(group.flatMap((row) => row[dimension].texts))].sort(), dimension);
    return [
      dimension === 0 ? set : first[0],
      dimension === 1 ? set : first[1],
      dimension === 2 ? set : first[2],
      dimension === 3 ? set : first[3],
    ];
  }

  #numbered(texts: readonly string[], dimension: Dimension): Numbered {
    const sets = this.#known[dimension];
    const key = keyOf(texts);
    let known = sets.get(key);
    if (known === undefined) sets.set(key, (known = { number: sets.size, texts }));
    return known;
  }
}

/** Equal for products that are equal but for one dimension. */
function keyWithout([a, b, c, d]: Row, dimension: Dimension): number | string {
  return packWithout([a.number, b.number, c.number, d.number], dimension);
}
