import { atomKey, atoms, type Atom } from "./atoms.ts";
import { plain, wider } from "./wider.ts";
import type { PolicyRule } from "./rule.ts";

/**
 * The atoms of `servant` that no single rule of `owner` covers; empty when whoever holds `owner` may hand out `servant`.
 * Kubernetes' own escalation check (k8s.io/component-helpers auth/rbac/validation, Covers): rules are broken into atoms,
 * and each must be covered by one rule. Because verbs, groups, resources, names and paths are open sets, this is also exact: an atom
 * that no one rule covers always has a request that none of them grants.
 */
export function covers(owner: readonly PolicyRule[], servant: readonly PolicyRule[]): Atom[] {
  // One rule covers an atom exactly when one of its own atoms does: so each takes a few look-ups, however many rules there are.
  const owned = new Set(atoms(owner).map((atom) => atomKey(plain(atom))));
  return atoms(servant).filter((atom) => !wider(plain(atom)).some((key) => owned.has(key)));
}

/** What each of two sets of rules grants and the other doesn't, in atoms. */
export function diff(a: readonly PolicyRule[], b: readonly PolicyRule[]): { onlyA: Atom[]; onlyB: Atom[] } {
  return { onlyA: covers(b, a), onlyB: covers(a, b) };
}
