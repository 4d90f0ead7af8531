import { isKubernetesGroup, isNamespaced, usedResources } from "./kubernetes-resources.ts";
import type { PolicyRule } from "./rule.ts";

/** Whether objects of a resource, which may have a subresource, are in namespaces; undefined where nobody knows. */
export type Scopes = (group: string, resource: string) => boolean | undefined;

/** Whether a request for what is in no namespace is asked within one all the same. A star may be such a verb. */
export function isAskedWithin({ verb, group, resource }: { verb: string; group: string; resource: string }): boolean {
  const [plural, subresource] = resource.split("/", 2);
  // A Namespace counts as within itself.
  if (group === "" && plural === "namespaces") return subresource !== undefined || ["get", "update", "patch", "delete", "*"].includes(verb);
  // What a pod may use is asked about in the pod's.
  if (verb === "use" && usedResources.some((one) => one.group === group && one.plural === resource)) return true;
  // A RoleBinding to a ClusterRole is checked in its own.
  return group === "rbac.authorization.k8s.io" && resource === "clusterroles" && (verb === "bind" || verb === "*");
}

/** The verbs of a rule on each of its resources that are never asked for within a namespace, for that is in none. */
export function beyondNamespaces(
  { verbs, apiGroups = [], resources = [] }: PolicyRule,
  scopes: Scopes = isNamespaced,
): { resource: string; verbs: string[] }[] {
  return resources.flatMap((resource) => {
    const known = apiGroups.map((group) => ({ group, within: scopes(group, resource) }));
    // What a group of Kubernetes' own doesn't have is nowhere.
    const isNone = known.every(({ group, within }) => within === false || (within === undefined && isKubernetesGroup(group)));
    if (!isNone || !known.some(({ within }) => within === false)) return [];
    const dead = verbs.filter((verb) => apiGroups.every((group) => !isAskedWithin({ verb, group, resource })));
    return dead.length === 0 ? [] : [{ resource, verbs: dead }];
  });
}

/** What rules grant within one namespace: no paths, and nothing that is in no namespace. */
export function heldWithin(rules: readonly PolicyRule[], scopes: Scopes = isNamespaced): PolicyRule[] {
  return rules.flatMap((rule) => {
    if (!rule.resources?.length) return [];
    const dead = new Map(beyondNamespaces(rule, scopes).map(({ resource, verbs }) => [resource, verbs]));
    if (dead.size === 0) return [rule];
    const left = Map.groupBy(rule.resources, (resource) => rule.verbs.filter((verb) => !dead.get(resource)?.includes(verb)).join("\n"));
    left.delete("");
    return [...left].map(([verbs, resources]) => ({ ...rule, resources, verbs: verbs.split("\n") }));
  });
}
