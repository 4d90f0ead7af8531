import { atomKey, atoms, type Atom } from "../atoms.ts";
import type { PolicyRule } from "../rule.ts";
import { wider, wildcardsIn } from "../wider.ts";
import { expand } from "./expand.ts";
import { inOrder } from "./in-order.ts";
import { irredundant } from "./irredundant.ts";
import { maximal } from "./maximal.ts";
import { merge } from "./merge.ts";
import { minimum } from "./minimum.ts";
import { Numbering, pack } from "./numbers.ts";
import { pairs, parts } from "./parts.ts";
import { atomOf, cellOf, kindOf, productOf, ruleOfProduct, type Cell, type Kind, type Product } from "./product.ts";
import { reduce } from "./reduce.ts";
import { sorted } from "./sorted.ts";
import { fold } from "./twins.ts";

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
  const keys = new Set(all.map(atomKey));
  const wildcards = wildcardsIn(all);
  const isGranted = (atom: Atom): boolean => wider(atom, wildcards).some((key) => keys.has(key));
  const kinds: Kind[] = ["all", "named", "path"];
  return sorted(kinds.flatMap((kind) => compactKind(kind, all, rules, isGranted).map((product) => ruleOfProduct(kind, product))));
}

function compactKind(kind: Kind, all: readonly Atom[], rules: readonly PolicyRule[], isGranted: (atom: Atom) => boolean): Product[] {
  const cellsOfKind = (kind: Kind): Cell[] => all.filter((atom) => kindOf(atom) === kind).map(cellOf);
  const wanted = inOrder(cellsOfKind(kind));
  // What is granted for all names may stand in a rule for some.
  const { cells, unfold } = fold(wanted, kind === "named" ? cellsOfKind("all") : [], (dimension, text) =>
    wildcardsOver(kind, dimension, text),
  );
  const allowed = remember((cell) => isGranted(atomOf(kind, cell)));
  const built = parts(cells, allowed).flatMap((part) => {
    const merged = merge(part.map(productOf));
    const grown = part.length > pairs ? merged : irredundant(part, expand(merged, allowed));
    return minimum(part, allowed, grown.length) ?? grown;
  });
  // Written rules may share what they overlap in, where building from atoms alone would take more.
  const written = cells.length > pairs || built.length > rules.length ? merge(irredundant(wanted, productsOf(kind, rules))) : undefined;
  return reduce(wanted, written !== undefined && written.length < built.length ? written : built.map(unfold));
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

function remember(ask: (cell: Cell) => boolean): (cell: Cell) => boolean {
  const numbering = new Numbering();
  const known = new Map<number | string, boolean>();
  return (cell) => {
    const key = pack(...numbering.numbersOf(cell));
    const answer = known.get(key) ?? ask(cell);
    known.set(key, answer);
    return answer;
  };
}
