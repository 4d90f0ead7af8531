import { objectVerbs } from "../ineffective.ts";
import type { PolicyRule } from "../rule.ts";

/** Rules in a fixed order, verbs in the order in which people write them and all else by the alphabet. */
export function sorted(rules: readonly PolicyRule[]): PolicyRule[] {
  return rules
    .map(({ verbs, ...rest }) => ({ verbs: [...verbs].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)), ...inOrder(rest) }))
    .map((rule) => ({
      rule,
      key: JSON.stringify([rule.nonResourceURLs ?? [], rule.apiGroups, rule.resources, rule.resourceNames ?? [], rule.verbs]),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ rule }) => rule);
}

function inOrder(rule: Omit<PolicyRule, "verbs">): Omit<PolicyRule, "verbs"> {
  return Object.fromEntries(Object.entries(rule).map(([field, texts]) => [field, [...texts].sort()]));
}

function rank(verb: string): number {
  const index = objectVerbs.indexOf(verb);
  return index < 0 ? objectVerbs.length : index;
}
