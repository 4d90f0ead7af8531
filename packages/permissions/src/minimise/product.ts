import type { Atom } from "../atoms.ts";
import type { PolicyRule } from "../rule.ts";

/** An atom as a row of four texts: verb, group, resource, name; or verb, path, "", "". */
export type Cell = readonly [string, string, string, string];

/** A rule as four sorted sets; it stands for every cell that takes one text of each. */
export type Product = readonly [readonly string[], readonly string[], readonly string[], readonly string[]];

/** Cells of these kinds never share a rule: named, of all names, and paths. */
export type Kind = "named" | "all" | "path";

export function kindOf(atom: Atom): Kind {
  if ("path" in atom) return "path";
  return atom.name === undefined ? "all" : "named";
}

export function cellOf(atom: Atom): Cell {
  return "path" in atom ? [atom.verb, atom.path, "", ""] : [atom.verb, atom.group, atom.resource, atom.name ?? ""];
}

export function atomOf(kind: Kind, [verb, second, resource, name]: Cell): Atom {
  if (kind === "path") return { verb, path: second };
  return { verb, group: second, resource, ...(kind === "named" ? { name } : {}) };
}

export function ruleOfProduct(kind: Kind, [verbs, second, resources, names]: Product): PolicyRule {
  if (kind === "path") return { verbs: [...verbs], nonResourceURLs: [...second] };
  return {
    verbs: [...verbs],
    apiGroups: [...second],
    resources: [...resources],
    ...(kind === "named" ? { resourceNames: [...names] } : {}),
  };
}

export function productOf(cell: Cell): Product {
  return [[cell[0]], [cell[1]], [cell[2]], [cell[3]]];
}

/** The least product that holds both. */
export function join(a: Product, b: Product): Product {
  return [union(a[0], b[0]), union(a[1], b[1]), union(a[2], b[2]), union(a[3], b[3])];
}

export function holds(product: Product, cell: Cell): boolean {
  return product[0].includes(cell[0]) && product[1].includes(cell[1]) && product[2].includes(cell[2]) && product[3].includes(cell[3]);
}

export function* cellsOf([a, b, c, d]: Product): Generator<Cell> {
  for (const w of a) for (const x of b) for (const y of c) for (const z of d) yield [w, x, y, z];
}

/** Whether every cell of a product is allowed. */
export function fits([a, b, c, d]: Product, allowed: (cell: Cell) => boolean): boolean {
  return a.every((w) => b.every((x) => c.every((y) => d.every((z) => allowed([w, x, y, z])))));
}

export function size(product: Product): number {
  return product.reduce((total, set) => total * set.length, 1);
}

/** Of sorted sets, sorted. */
function union(a: readonly string[], b: readonly string[]): readonly string[] {
  const all: string[] = [];
  let taken = 0;
  for (const text of a) {
    for (let next = b[taken]; next !== undefined && next <= text; next = b[++taken]) if (next < text) all.push(next);
    all.push(text);
  }
  for (; taken < b.length; taken++) all.push(b[taken] ?? "");
  return all.length === a.length ? a : all;
}
