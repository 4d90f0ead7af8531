import { keyOf } from "../key.ts";
import { cellsOf, size, type Cell, type Product } from "./product.ts";

/**
 * The same number of products that hold the same of the cells, without texts that they need not have: where rules overlap, what one grants
 * is not said by another again, as far as that leaves it a product. Those with the fewest cells of their own give way.
 */
export function reduce(cells: readonly Cell[], products: readonly Product[]): Product[] {
  // Then each holds cells of its own alone.
  if (products.reduce((sum, product) => sum + size(product), 0) === cells.length) return [...products];
  const wanted = new Set(cells.map(keyOf));
  const times = new Map<string, number>();
  const held = (product: Product): string[] => [...cellsOf(product)].map(keyOf).filter((key) => wanted.has(key));
  for (const product of products) for (const key of held(product)) times.set(key, (times.get(key) ?? 0) + 1);
  const own = products.map((product) => held(product).filter((key) => times.get(key) === 1).length);
  const trimmed = [...products];
  for (const index of [...products.keys()].sort((a, b) => (own[a] ?? 0) - (own[b] ?? 0))) {
    for (const dimension of [3, 2, 1, 0] as const) {
      for (const text of products[index]?.[dimension] ?? []) {
        const product = trimmed[index];
        if (product === undefined || product[dimension].length === 1) break;
        const cut = held(withTexts(product, dimension, [text]));
        if (!cut.every((key) => (times.get(key) ?? 0) > 1)) continue;
        for (const key of cut) times.set(key, (times.get(key) ?? 0) - 1);
        trimmed[index] = withTexts(
          product,
          dimension,
          product[dimension].filter((other) => other !== text),
        );
      }
    }
  }
  return trimmed;
}

function withTexts([a, b, c, d]: Product, dimension: 0 | 1 | 2 | 3, texts: readonly string[]): Product {
  return [dimension === 0 ? texts : a, dimension === 1 ? texts : b, dimension === 2 ? texts : c, dimension === 3 ? texts : d];
}
