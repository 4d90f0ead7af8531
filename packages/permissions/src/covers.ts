import { atoms, type Atom } from "./atoms.ts";
import type { PolicyRule } from "./rule.ts";

/**
 * The atoms of `servant` that no single rule of `owner` covers; empty when whoever holds `owner` may hand out `servant`.
 * Kubernetes' own escalation check (k8s.io/component-helpers auth/rbac/validation, Covers): rules are broken into atoms,
 * and each must be covered by one rule. Because verbs, groups, resources, names and paths are open sets, this is also exact: an atom
 * that no one rule covers always has a request that none of them grants.
 */
export function covers(owner: readonly PolicyRule[], servant: readonly PolicyRule[]): Atom[] {
  return atoms(servant).filter((atom) => !owner.some((rule) => ruleCovers(rule, atom)));
}

/** What each of two sets of rules grants and the other doesn't, in atoms. */
export function diff(a: readonly PolicyRule[], b: readonly PolicyRule[]): { onlyA: Atom[]; onlyB: Atom[] } {
  return { onlyA: covers(b, a), onlyB: covers(a, b) };
}

/** Whether everything that an atom grants is granted by the rule. */
export function ruleCovers(rule: PolicyRule, atom: Atom): boolean {
  if (!has(rule.verbs, atom.verb)) return false;
  if ("path" in atom) return (rule.nonResourceURLs ?? []).some((pattern) => pathCovers(pattern, atom.path));
  const subresource = atom.resource.indexOf("/");
  const ofEverything = subresource < 0 ? undefined : `*${atom.resource.slice(subresource)}`;
  const resource = (rule.resources ?? []).some((pattern) => pattern === "*" || pattern === atom.resource || pattern === ofEverything);
  const name = !rule.resourceNames?.length || (atom.name !== undefined && rule.resourceNames.includes(atom.name));
  return has(rule.apiGroups ?? [], atom.group) && resource && name;
}

function has(set: readonly string[], value: string): boolean {
  return set.includes("*") || set.includes(value);
}

/** Whether every path of one pattern is of another; stars at the end, however many, stand for any rest, elsewhere each for itself. */
export function pathCovers(owner: string, path: string): boolean {
  return owner === path || (owner.endsWith("*") && path.startsWith(owner.replace(/\*+$/, "")));
}
