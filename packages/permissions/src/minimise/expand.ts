import { fits, join, size, type Cell, type Product } from "./product.ts";

/** Each product joined with every other that it can be joined with; they may then overlap. */
export function expand(products: readonly Product[], allowed: (cell: Cell) => boolean): Product[] {
  return products.map((product) => {
    let grown = product;
    for (const other of products) {
      const wide = join(grown, other);
      if (size(wide) <= 4096 && fits(wide, allowed)) grown = wide;
    }
    return grown;
  });
}
