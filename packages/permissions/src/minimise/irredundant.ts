import { keyOf } from "../key.ts";
import { cellsOf, type Cell, type Product } from "./product.ts";

/** Without the products, narrowest first, whose cells the others hold. */
export function irredundant(cells: readonly Cell[], products: readonly Product[]): Product[] {
  const wanted = new Set(cells.map(keyOf));
  const held = products.map((product) => [...cellsOf(product)].map(keyOf).filter((key) => wanted.has(key)));
  const times = new Map<string, number>();
  for (const keys of held) for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
  const order = [...products.keys()].sort((a, b) => (held[a]?.length ?? 0) - (held[b]?.length ?? 0));
  const kept = new Set(order);
  for (const index of order) {
    const keys = held[index] ?? [];
    if (!keys.every((key) => (times.get(key) ?? 0) > 1)) continue;
    kept.delete(index);
    for (const key of keys) times.set(key, (times.get(key) ?? 0) - 1);
  }
  return products.filter((_, index) => kept.has(index));
}
