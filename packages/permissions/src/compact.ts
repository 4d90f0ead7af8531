import { atomKey, atoms, type Atom } from "./atoms.ts";
import { keyOf } from "./key.ts";
import { least } from "./least.ts";
import { maximal, wider } from "./maximal.ts";
import { merge } from "./merge.ts";
import {
  atomOf,
  cellOf,
  cellsOf,
  fits,
  join,
  kindOf,
  productOf,
  ruleOfProduct,
  size,
  type Cell,
  type Kind,
  type Product,
} from "./product.ts";
import type { PolicyRule } from "./rule.ts";
import { sorted } from "./sorted.ts";
import { trim } from "./trim.ts";
import { fold } from "./twins.ts";

/** Past this many cells, or products, looking at every pair takes too long. */
const pairs = 250;

/**
 * Rules with exactly the same meaning, as few as are found, in a fixed order whatever the order of the input.
 *
 * Always: the same requests are granted, and no more rules come out than went in (a rule with resources and paths, which Kubernetes
 * refuses, counts as two).
 * Least: the atoms of all names, of given names and of paths are three problems, for no rule mixes them. Atoms treated alike are folded
 * into one, and what no rule can join is taken apart where at most 250 are left. Every part of at most 30 then has the least number of
 * rules there is, unless the search runs out of steps. Finding it always would be NP-hard (a least cover of a relation by
 * products), so beyond that the answer is a good one and not a proven one.
 */
export function compact(rules: readonly PolicyRule[]): PolicyRule[] {
  const all = maximal(atoms(rules));
  const granted = new Set(all.map(atomKey));
  const kinds: Kind[] = ["all", "named", "path"];
  return sorted(kinds.flatMap((kind) => compactKind(kind, all, rules, granted).map((product) => ruleOfProduct(kind, product))));
}

function compactKind(kind: Kind, all: readonly Atom[], rules: readonly PolicyRule[], granted: ReadonlySet<string>): Product[] {
  const cellsOfKind = (kind: Kind): Cell[] => all.filter((atom) => kindOf(atom) === kind).map(cellOf);
  const wanted = inOrder(cellsOfKind(kind));
  // What is granted for all names may stand in a rule for some.
  const { cells, unfold } = fold(wanted, kind === "named" ? cellsOfKind("all") : [], (dimension, text) =>
    wildcardsOver(kind, dimension, text),
  );
  const allowed = remember((cell) => wider(atomOf(kind, cell)).some((key) => granted.has(key)));
  const built = parts(cells, allowed).flatMap((part) => {
    const merged = merge(part.map(productOf));
    const grown = part.length > pairs ? merged : irredundant(part, grow(merged, allowed));
    return least(part, allowed, grown.length) ?? grown;
  });
  // Written rules may share what they overlap in, where building from atoms alone would take more.
  const written = cells.length > pairs || built.length > rules.length ? merge(irredundant(wanted, productsOf(kind, rules))) : undefined;
  return trim(wanted, written !== undefined && written.length < built.length ? written : built.map(unfold));
}

function productsOf(kind: Kind, rules: readonly PolicyRule[]): Product[] {
  const products = rules.flatMap(({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }) => {
    if (kind === "path") return [[verbs, nonResourceURLs, [""], [""]]];
    if ((kind === "named") !== resourceNames.length > 0) return [];
    return [[verbs, apiGroups, resources, kind === "named" ? resourceNames : [""]]];
  });
  const texts = (sets: readonly (readonly string[])[], index: number): string[] => [...new Set(sets[index])].sort();
  return inOrder(products.map((sets) => [texts(sets, 0), texts(sets, 1), texts(sets, 2), texts(sets, 3)] as const));
}

/** The wildcards that could stand in a rule instead of a text; see `wider`. */
function wildcardsOver(kind: Kind, dimension: number, text: string): string[] {
  if (dimension === 3 || text === "*") return [];
  if (kind === "path" && dimension === 1)
    return Array.from({ length: text.length - (text.endsWith("*") ? 1 : 0) + 1 }, (_, end) => `${text.slice(0, end)}*`).filter(
      (other) => other !== text,
    );
  const slash = text.indexOf("/");
  return dimension === 2 && slash > 0 && !text.startsWith("*/") ? ["*", `*${text.slice(slash)}`] : ["*"];
}

/** Cells that can share a rule, directly or through others, are of one part. */
function parts(cells: readonly Cell[], allowed: (cell: Cell) => boolean): Cell[][] {
  if (cells.length > pairs) return [[...cells]];
  const left = new Set(cells);
  const found: Cell[][] = [];
  for (const start of cells) {
    if (!left.delete(start)) continue;
    const part = [start];
    for (const cell of part) {
      for (const other of left) {
        if (!fits(join(productOf(cell), productOf(other)), allowed)) continue;
        left.delete(other);
        part.push(other);
      }
    }
    found.push(inOrder(part));
  }
  return found;
}

/** Each product joined with every other that it can be joined with; they may then overlap. */
function grow(products: readonly Product[], allowed: (cell: Cell) => boolean): Product[] {
  return products.map((product) => {
    let grown = product;
    for (const other of products) {
      const wide = join(grown, other);
      if (size(wide) <= 4096 && fits(wide, allowed)) grown = wide;
    }
    return grown;
  });
}

/** Without the products, narrowest first, whose cells the others hold. */
function irredundant(cells: readonly Cell[], products: readonly Product[]): Product[] {
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

function remember(ask: (cell: Cell) => boolean): (cell: Cell) => boolean {
  const known = new Map<string, boolean>();
  return (cell) => {
    const key = keyOf(cell);
    const answer = known.get(key) ?? ask(cell);
    known.set(key, answer);
    return answer;
  };
}

function inOrder<T extends Cell | Product>(rows: readonly T[]): T[] {
  const keyed = rows.map((row) => ({ row, key: JSON.stringify(row) }));
  return keyed.sort((a, b) => order(a.key, b.key)).map(({ row }) => row);
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
