import { keyOf } from "../key.ts";
import type { Product } from "./product.ts";

type Dimension = 0 | 1 | 2 | 3;

/** A product whose sets have numbers, equal ones the same: these make short keys. */
type Row = readonly [Numbered, Numbered, Numbered, Numbered];

interface Numbered {
  number: number;
  texts: readonly string[];
}

const dimensions: readonly Dimension[] = [0, 1, 2, 3];
const orders = permutations(dimensions);

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
  const merged = rows.length > few ? merging.greedily(rows, dimensions) : merging.inBestOrder(rows);
  return merged.map(([a, b, c, d]) => [a.texts, b.texts, c.texts, d.texts]);
}

class Merging {
  readonly #known = new Map<string, Numbered>();

  rowOf([a, b, c, d]: Product): Row {
    return [this.#numbered(a), this.#numbered(b), this.#numbered(c), this.#numbered(d)];
  }

  inBestOrder(rows: readonly Row[]): readonly Row[] {
    let best: readonly Row[] | undefined;
    for (const order of orders) {
      const merged = order.reduce((left, dimension) => this.#along(left, dimension), rows);
      if (best === undefined || merged.length < best.length) best = merged;
    }
    return best ?? [];
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
    const set = this.#numbered([...new Set(group.flatMap((row) => row[dimension].texts))].sort());
    return [
      dimension === 0 ? set : first[0],
      dimension === 1 ? set : first[1],
      dimension === 2 ? set : first[2],
      dimension === 3 ? set : first[3],
    ];
  }

  #numbered(texts: readonly string[]): Numbered {
    const key = keyOf(texts);
    let known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, (known = { number: this.#known.size, texts }));
    return known;
  }
}

/** Equal for products that are equal but for one dimension. */
function keyWithout([a, b, c, d]: Row, dimension: Dimension): string {
  const number = (set: Numbered, index: Dimension): number | "" => (index === dimension ? "" : set.number);
  return `${number(a, 0)},${number(b, 1)},${number(c, 2)},${number(d, 3)}`;
}

function permutations(items: readonly Dimension[]): Dimension[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
