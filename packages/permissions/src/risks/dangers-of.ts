import type { PolicyRule } from "../rule.ts";
import type { Danger } from "./danger.ts";
import { dangers } from "./dangers/index.ts";

const clusterScoped = new Set([
  "nodes",
  "namespaces",
  "persistentvolumes",
  "certificatesigningrequests",
  "signers",
  "validatingwebhookconfigurations",
  "mutatingwebhookconfigurations",
  "validatingadmissionpolicies",
  "validatingadmissionpolicybindings",
  "mutatingadmissionpolicies",
  "mutatingadmissionpolicybindings",
  "apiservices",
  "customresourcedefinitions",
  "clusterrolebindings",
  "priorityclasses",
  "ingressclasses",
  "flowschemas",
  "prioritylevelconfigurations",
  "globalroles",
  "globalrolebindings",
  "roletemplates",
  "ec2nodeclasses",
  "aksnodeclasses",
  "clusterworkflowtemplates",
  "clustertrainingruntimes",
  "users",
  "groups",
  "uids",
  "userextras",
]);

/** The dangers of a rule, and whether names make each less. */
export function* dangersOf(rule: PolicyRule, namespace: string | undefined): Generator<[Danger, boolean]> {
  const named = Boolean(rule.resourceNames?.length);
  for (const danger of dangers) {
    if (danger.namespaces !== undefined && namespace !== undefined && !danger.namespaces.includes(namespace)) continue;
    if (
      !danger.grants.some(
        (grant) =>
          grant.verbs.some((verb) => grantsVerb(rule, verb, named)) &&
          grantsGroup(rule, grant.group) &&
          grant.resources.some((resource) => inReach(resource, grant.verbs, namespace) && grantsResource(rule, resource)),
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

function inReach(resource: string, verbs: readonly string[], namespace: string | undefined): boolean {
  const [plural = ""] = resource.split("/");
  // A RoleBinding may bind a ClusterRole: bind and escalate are asked for within its namespace, all else for the cluster.
  if (plural === "clusterroles" && namespace !== undefined) return verbs.includes("bind") || verbs.includes("escalate");
  // A Namespace counts as within itself.
  return namespace === undefined || plural === "namespaces" || !clusterScoped.has(plural);
}
