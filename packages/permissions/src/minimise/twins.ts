import { dimensions, Numbering, packWithout, type Dimension, type Numbers } from "./numbers.ts";
import type { Cell, Product } from "./product.ts";

/**
 * Texts of one dimension that the cells treat alike (every cell with one has its fellow with the other, and the same wildcards cover
 * both) go into the same rules in some least answer, so one can stand for all. What else is granted, and so may be in a rule without
 * being wanted, must treat them alike too: these are the cells `beside`. `widerThan` gives the wildcards over a text, itself excluded.
 */
export function fold(
  cells: readonly Cell[],
  beside: readonly Cell[],
  widerThan: (dimension: number, text: string) => string[],
): { cells: Cell[]; unfold: (product: Product) => Product } {
  const classes = dimensions.map(() => new Map<string, string[]>());
  const numbering = new Numbering();
  const row = (cell: Cell): Row => ({ cell, numbers: numbering.numbersOf(cell) });
  const rowsBeside = beside.map(row);
  const besides = dimensions.map((dimension) => slicesAlong(rowsBeside, dimension));
  let left = cells.map(row);
  for (let before = Number.POSITIVE_INFINITY; left.length < before;) {
    before = left.length;
    for (const dimension of dimensions)
      left = foldAlong(left, dimension, besides[dimension], classes[dimension] ?? new Map(), (text) => widerThan(dimension, text));
  }
  const spread = (texts: readonly string[], dimension: number): string[] =>
    texts.flatMap((text) => classes[dimension]?.get(text) ?? [text]);
  return {
    cells: left.map(({ cell }) => cell),
    unfold: (product) => [spread(product[0], 0), spread(product[1], 1), spread(product[2], 2), spread(product[3], 3)],
  };
}

function foldAlong(
  rows: readonly Row[],
  dimension: Dimension,
  beside: Slices | undefined,
  fellows: Map<string, string[]>,
  widerThan: (text: string) => string[],
): Row[] {
  const slices = slicesAlong(rows, dimension);
  const first = new Map<string, string>();
  const dropped = new Set<string>();
  for (const text of [...slices.keys()].sort()) {
    const above = widerThan(text).filter((other) => slices.has(other) || beside?.has(other));
    const alike = JSON.stringify([slices.get(text), beside?.get(text), above]);
    const standIn = first.get(alike);
    if (standIn === undefined) {
      first.set(alike, text);
      continue;
    }
    dropped.add(text);
    const all = fellows.get(standIn) ?? [standIn];
    for (const twin of fellows.get(text) ?? [text]) all.push(twin);
    fellows.set(standIn, all);
  }
  return dropped.size === 0 ? [...rows] : rows.filter(({ cell }) => !dropped.has(cell[dimension]));
}

interface Row {
  cell: Cell;
  numbers: Numbers;
}

/** For each text of a dimension, what the cells with it hold besides: a number for each, sorted. */
type Slices = ReadonlyMap<string, readonly number[]>;

function slicesAlong(rows: readonly Row[], dimension: Dimension): Slices {
  const slices = new Map<string, number[]>();
  const rests = new Map<number | string, number>();
  for (const { cell, numbers } of rows) {
    const key = packWithout(numbers, dimension);
    const rest = rests.get(key) ?? rests.size;
    rests.set(key, rest);
    const slice = slices.get(cell[dimension]);
    if (slice === undefined) slices.set(cell[dimension], [rest]);
    else slice.push(rest);
  }
  for (const slice of slices.values()) slice.sort((a, b) => a - b);
  return slices;
}
