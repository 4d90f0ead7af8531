import type { PolicyRule } from "../rule.ts";
import { isClusterScoped } from "./cluster-scoped.ts";
import { isNamed } from "./forms.ts";
import { isNamespaced } from "../kubernetes-resources.ts";
import { isAskedWithin, type Scopes } from "../within-namespace.ts";
import type { Danger, Grants } from "./danger.ts";

/** Those of the dangers that a rule bears, and whether names make each less. */
export function* dangersOf(
  rule: PolicyRule,
  dangers: readonly Danger[],
  namespace?: string,
  scopes: Scopes = isNamespaced,
): Generator<[Danger, boolean]> {
  const named = isNamed(rule);
  for (const danger of dangers) {
    if (danger.namespaces !== undefined && namespace !== undefined && !danger.namespaces.includes(namespace)) continue;
    if (
      !danger.grants.some(
        (grant) =>
          grantsGroup(rule, grant.group) &&
          grant.resources.some(
            (resource) =>
              grantsResource(rule, resource) &&
              grant.verbs.some(
                (verb) => grantsVerb(rule, verb, named) && (namespace === undefined || isWithin(grant, resource, verb, scopes)),
              ),
          ),
      )
    )
      continue;
    yield [danger, named && danger.namesHelp !== false && !rule.resourceNames?.some((name) => danger.worstNames?.includes(name))];
  }
}

/** A collection has no name, so names leave nothing of deletecollection; a named create still serves an apply that creates. */
function grantsVerb(rule: PolicyRule, verb: string, named: boolean): boolean {
  return !(named && verb === "deletecollection") && (rule.verbs.includes(verb) || rule.verbs.includes("*"));
}

function grantsGroup(rule: PolicyRule, group: string): boolean {
  return (rule.apiGroups ?? []).some((pattern) => pattern === group || pattern === "*");
}

function grantsResource(rule: PolicyRule, resource: string): boolean {
  const slash = resource.indexOf("/");
  return (rule.resources ?? []).some(
    (pattern) =>
      pattern === resource ||
      pattern === "*" ||
      (slash > 0 ? pattern === `*${resource.slice(slash)}` : resource === "userextras" && pattern.startsWith("userextras/")),
  );
}

function isWithin({ group }: Grants, resource: string, verb: string, scopes: Scopes): boolean {
  if (isAskedWithin({ verb, group, resource })) return true;
  const [plural = ""] = resource.split("/");
  return scopes(group, plural) ?? !isClusterScoped(group, plural);
}
