import { atoms, ruleOf, type Atom } from "./atoms.ts";
import { covers } from "./covers.ts";
import { compact, maximal } from "./minimise/index.ts";
import { pathCovers } from "./path-pattern.ts";
import type { PolicyRule } from "./rule.ts";

/**
 * Exactly the requests that both sets grant, compacted. Always expressible: two atoms meet in one atom or in nothing,
 * also where their wildcards cross (every verb on pods, and `get` on everything, meet in `get` on pods).
 */
export function intersect(a: readonly PolicyRule[], b: readonly PolicyRule[]): PolicyRule[] {
  const others = maximal(atoms(b));
  return compact(maximal(atoms(a)).flatMap((atom) => others.flatMap((other) => meet(atom, other) ?? []).map(ruleOf)));
}

/**
 * What `a` grants and `b` doesn't. RBAC only allows: "every verb but get", "every secret but one" cannot be written. So `rules` are what
 * is left whole, exactly, and `partial` the atoms of which `b` grants a part. `a` without `b` is `rules`, and `partial` without `b`;
 * when `partial` is empty the rules alone are exact.
 */
export function subtract(a: readonly PolicyRule[], b: readonly PolicyRule[]): { rules: PolicyRule[]; partial: Atom[] } {
  const left = maximal(covers(b, maximal(atoms(a)).map(ruleOf)));
  const others = maximal(atoms(b));
  const partial = left.filter((atom) => others.some((other) => meet(atom, other) !== undefined));
  return { rules: compact(left.filter((atom) => !partial.includes(atom)).map(ruleOf)), partial };
}

/** What both atoms grant: one atom, or undefined. */
function meet(a: Atom, b: Atom): Atom | undefined {
  const verb = wildcardMeet(a.verb, b.verb);
  if (verb === undefined) return undefined;
  if ("path" in a || "path" in b) {
    if (!("path" in a && "path" in b)) return undefined;
    if (pathCovers(a.path, b.path)) return { verb, path: b.path };
    return pathCovers(b.path, a.path) ? { verb, path: a.path } : undefined;
  }
  const group = wildcardMeet(a.group, b.group);
  const resource = resourceMeet(a.resource, b.resource);
  if (group === undefined || resource === undefined) return undefined;
  if (a.name !== undefined && b.name !== undefined && a.name !== b.name) return undefined;
  const name = a.name ?? b.name;
  return { verb, group, resource, ...(name === undefined ? {} : { name }) };
}

function wildcardMeet(a: string, b: string): string | undefined {
  if (a === b || b === "*") return a;
  return a === "*" ? b : undefined;
}

function resourceMeet(a: string, b: string): string | undefined {
  const same = wildcardMeet(a, b);
  if (same !== undefined) return same;
  const narrows = (wide: string, narrow: string): boolean =>
    wide.startsWith("*/") && narrow.includes("/") && narrow.slice(narrow.indexOf("/")) === wide.slice(1);
  if (narrows(a, b)) return b;
  return narrows(b, a) ? a : undefined;
}
