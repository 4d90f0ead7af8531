import { atomKey, atoms, ruleOf, type Atom } from "./atoms.ts";
import type { PolicyRule } from "./rule.ts";

/**
 * The atoms of `servant` that no single rule of `owner` covers; empty when whoever holds `owner` may hand out `servant`.
 * Kubernetes' own escalation check (k8s.io/component-helpers auth/rbac/validation, Covers): rules are broken into atoms,
 * and each must be covered by one rule.
 */
export function covers(owner: readonly PolicyRule[], servant: readonly PolicyRule[]): Atom[] {
  return atoms(servant).filter((atom) => !owner.some((rule) => ruleCovers(rule, atom)));
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

function pathCovers(owner: string, path: string): boolean {
  if (owner === "*" || owner === path) return true;
  return owner.endsWith("*") && path.startsWith(owner.replace(/\*+$/, ""));
}

/** What each of two sets of rules grants and the other doesn't, in atoms. */
export function diff(a: readonly PolicyRule[], b: readonly PolicyRule[]): { onlyA: Atom[]; onlyB: Atom[] } {
  return { onlyA: covers(b, a), onlyB: covers(a, b) };
}

/** The rules of `a` without what `b` grants whole: an atom that `b` grants only in part stays. */
export function subtract(a: readonly PolicyRule[], b: readonly PolicyRule[]): PolicyRule[] {
  return covers(b, a).map(ruleOf);
}

/** What both sets grant: each atom of one that the other covers. */
export function intersect(a: readonly PolicyRule[], b: readonly PolicyRule[]): PolicyRule[] {
  const covered = (inner: readonly PolicyRule[], outer: readonly PolicyRule[]): Atom[] => atoms(inner).filter((atom) => outer.some((rule) => ruleCovers(rule, atom)));
  const both = new Map([...covered(a, b), ...covered(b, a)].map((atom) => [atomKey(atom), atom]));
  return [...both.values()].map(ruleOf);
}
