import type { Cell } from "./product.ts";

/** The dimensions of cells and products, by their index. */
export type Dimension = 0 | 1 | 2 | 3;
export const dimensions: readonly Dimension[] = [0, 1, 2, 3];

/** A number in each dimension instead of a text or a set. */
export type Numbers = readonly [number, number, number, number];

/** Numbers texts, in each dimension from 0, equal ones the same. */
export class Numbering {
  readonly #known = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>(), new Map<string, number>()] as const;

  numberOf(text: string, dimension: Dimension): number {
    const known = this.#known[dimension];
    const number = known.get(text) ?? known.size;
    if (number === known.size) known.set(text, number);
    return number;
  }

  numbersOf([a, b, c, d]: Cell): Numbers {
    return [this.numberOf(a, 0), this.numberOf(b, 1), this.numberOf(c, 2), this.numberOf(d, 3)];
  }
}

/** How many bits of a number are set. */
export function bitsIn(number: number): number {
  let count = 0;
  for (let rest = number; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** A key that only equal numbers share: a number itself, as long as it stays exact. There are few verbs and groups, and many names. */
export function pack(a: number, b: number, c: number, d: number): number | string {
  return a < 2 ** 10 && b < 2 ** 10 && c < 2 ** 14 && d < 2 ** 17 ? ((a * 2 ** 10 + b) * 2 ** 14 + c) * 2 ** 17 + d : `${a},${b},${c},${d}`;
}

/** The same, whatever stands in one dimension. */
export function packWithout([a, b, c, d]: Numbers, dimension: Dimension): number | string {
  return pack(dimension === 0 ? 0 : a, dimension === 1 ? 0 : b, dimension === 2 ? 0 : c, dimension === 3 ? 0 : d);
}
