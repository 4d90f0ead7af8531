import type { Product } from "./product.ts";

type Dimension = 0 | 1 | 2 | 3;

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
  if (products.length > few) return greedily(products, dimensions);
  let best: Product[] | undefined;
  for (const order of orders) {
    const merged = order.reduce<Product[]>((left, dimension) => mergeAlong(left, dimension), [...products]);
    if (best === undefined || merged.length < best.length) best = merged;
  }
  return best ?? [];
}

function greedily(products: readonly Product[], left: readonly Dimension[]): Product[] {
  const counts = left.map((dimension) => new Set(products.map((product) => keyWithout(product, dimension))).size);
  const next = left[counts.indexOf(Math.min(...counts))];
  if (next === undefined) return [...products];
  return greedily(mergeAlong(products, next), left.filter((dimension) => dimension !== next));
}

function mergeAlong(products: readonly Product[], dimension: Dimension): Product[] {
  const alike = new Map<string, Product[]>();
  for (const product of products) {
    const key = keyWithout(product, dimension);
    const group = alike.get(key);
    if (group === undefined) alike.set(key, [product]);
    else group.push(product);
  }
  return alike.size === products.length ? [...products] : [...alike.values()].map((group) => widened(group, dimension));
}

function widened(group: readonly Product[], dimension: Dimension): Product {
  const [first, ...others] = group;
  if (first === undefined) throw new RangeError("nothing to merge");
  if (others.length === 0) return first;
  const set = [...new Set(group.flatMap((product) => product[dimension]))].sort();
  return [dimension === 0 ? set : first[0], dimension === 1 ? set : first[1], dimension === 2 ? set : first[2], dimension === 3 ? set : first[3]];
}

/** Equal for products that are equal but for one dimension. */
function keyWithout([a, b, c, d]: Product, dimension: Dimension): string {
  const text = (set: readonly string[], index: Dimension): string => (index === dimension ? "" : set.length === 1 ? (set[0] ?? "") : set.join("\n"));
  return `${text(a, 0)}\0${text(b, 1)}\0${text(c, 2)}\0${text(d, 3)}`;
}

function permutations(items: readonly Dimension[]): Dimension[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
