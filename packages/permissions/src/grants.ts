import { pathCovers } from "./path-pattern.ts";
import type { Request } from "./request.ts";
import type { PolicyRule } from "./rule.ts";

/** The first rule that grants the request, as the RBAC authorizer would find it; undefined when none does. */
export function grants(rules: readonly PolicyRule[], request: Request): PolicyRule | undefined {
  return rules.find((rule) => ruleGrants(rule, request));
}

/** Whether one rule grants the request (k8s.io/kubernetes plugin/pkg/auth/authorizer/rbac, RuleAllows). */
export function ruleGrants(rule: PolicyRule, request: Request): boolean {
  if (!matches(rule.verbs, request.verb)) return false;
  if ("path" in request) return (rule.nonResourceURLs ?? []).some((pattern) => pathCovers(pattern, request.path));
  return (
    matches(rule.apiGroups, request.group) &&
    (rule.resources ?? []).some((pattern) => resourceMatches(pattern, request.resource, request.subresource)) &&
    nameMatches(rule.resourceNames, request.name)
  );
}

function matches(patterns: readonly string[] | undefined, value: string): boolean {
  return patterns?.some((pattern) => pattern === "*" || pattern === value) ?? false;
}

/** `*` is every resource with every subresource, and `*` before a slash every resource; `pods/*` is no pattern. */
function resourceMatches(pattern: string, resource: string, subresource: string | undefined): boolean {
  if (pattern === "*") return true;
  if (!subresource) return pattern === resource;
  return pattern === `${resource}/${subresource}` || pattern === `*/${subresource}`;
}

function nameMatches(names: readonly string[] | undefined, name: string | undefined): boolean {
  return names === undefined || names.length === 0 || names.includes(name ?? "");
}
