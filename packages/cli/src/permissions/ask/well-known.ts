import { extraVerbs, kubeletSubresources, kubernetesResources, objectVerbs, usedResources, virtualResources } from "@plimsoll/permissions";
import { isNamed } from "../objects/served.ts";

const resources = [...kubernetesResources, ...virtualResources];

/** The plurals of Kubernetes' own resources. */
export const wellKnown: readonly string[] = [...new Set(resources.map(({ plural }) => plural))];

/** The groups of Kubernetes' own that a resource is in; the first is the one that is meant. What only some verbs are about doesn't count beside what is served. */
export function wellKnownGroups(plural: string): string[] {
  if (plural === "*") return ["*"];
  const groupsOf = (all: readonly { plural: string; group: string }[]) =>
    all.filter((one) => one.plural === plural).map(({ group }) => group);
  const served = groupsOf(kubernetesResources);
  return [...new Set(served.length > 0 ? served : groupsOf(virtualResources))];
}

/** The plurals of one of Kubernetes' own groups; none for other groups. */
export function wellKnownIn(group: string): readonly string[] {
  return resources.filter((one) => one.group === group).map(({ plural }) => plural);
}

/** The resource that only an authorizer is asked about with this verb, by a name that it has; undefined where the verb asks about others, too. */
export function askedByVerb(verb: string, name: string): { group: string; plural: string; namespaced: boolean } | undefined {
  const used = verb === "use" ? usedResources.find((one) => isNamed(one, name)) : undefined;
  if (used !== undefined) return used;
  const virtual = virtualResources.find(
    ({ plural, verbs }) => verbs.includes(verb) && isNamed({ plural, singular: plural.replace(/s$/, "") }, name),
  );
  if (virtual !== undefined) return virtual;
  const extra = extraVerbs.filter((one) => one.verb === verb);
  return kubernetesResources.find(
    (one) => isNamed(one, name) && extra.some(({ group, plurals }) => group === one.group && plurals.includes(one.plural)),
  );
}

/** What discovery doesn't list. */
export function isUnlisted(plural: string, subresource: string): boolean {
  return plural === "nodes" && kubeletSubresources.includes(subresource);
}

const verbs = new Set([
  ...objectVerbs,
  "use",
  "proxy",
  "*",
  ...extraVerbs.map(({ verb }) => verb),
  ...virtualResources.flatMap((one) => one.verbs),
]);
const methods = new Set(["get", "head", "post", "put", "patch", "delete", "options", "*"]);

/** A verb that Kubernetes itself never asks about is most often a slip; webhooks and operators may have their own. */
export function isKnownVerb(verb: string, of: "resource" | "path"): boolean {
  if (of === "path") return methods.has(verb);
  return (
    verbs.has(verb) || verb === "request-serviceaccounts-token-audience" || /^(impersonate-on|arbitrary-node|associated-node):/.test(verb)
  );
}
