import { keyOf } from "./key.ts";
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
  const classes: Map<string, string[]>[] = [new Map(), new Map(), new Map(), new Map()];
  const besides = [...classes.keys()].map((dimension) => slicesAlong(beside, dimension));
  let left = [...cells];
  for (let before = Number.POSITIVE_INFINITY; left.length < before;) {
    before = left.length;
    for (const [dimension, fellows] of classes.entries())
      left = foldAlong(left, dimension, besides[dimension], fellows, (text) => widerThan(dimension, text));
  }
  const spread = (texts: readonly string[], dimension: number): string[] =>
    texts.flatMap((text) => classes[dimension]?.get(text) ?? [text]);
  return { cells: left, unfold: (product) => [spread(product[0], 0), spread(product[1], 1), spread(product[2], 2), spread(product[3], 3)] };
}

function foldAlong(
  cells: readonly Cell[],
  dimension: number,
  beside: Slices | undefined,
  fellows: Map<string, string[]>,
  widerThan: (text: string) => string[],
): Cell[] {
  const slices = slicesAlong(cells, dimension);
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
  return dropped.size === 0 ? [...cells] : cells.filter((cell) => !dropped.has(cell[dimension] ?? ""));
}

/** For each text of a dimension, what the cells with it hold besides: a number for each, sorted. */
type Slices = ReadonlyMap<string, readonly number[]>;

function slicesAlong(cells: readonly Cell[], dimension: number): Slices {
  const slices = new Map<string, number[]>();
  const numbers = new Map<string, number>();
  for (const cell of cells) {
    const text = cell[dimension] ?? "";
    const rest = keyOf(cell.with(dimension, ""));
    const number = numbers.get(rest) ?? numbers.size;
    numbers.set(rest, number);
    const slice = slices.get(text);
    if (slice === undefined) slices.set(text, [number]);
    else slice.push(number);
  }
  for (const slice of slices.values()) slice.sort((a, b) => a - b);
  return slices;
}
