import { audienceVerb, isKubernetesGroup, kubernetesResources, virtualResources, type KubernetesResource } from "./kubernetes-resources.ts";
import type { PolicyRule } from "./rule.ts";
import { beyondNamespaces, type Scopes } from "./within-namespace.ts";

/**
 * What a rule says that no request can match, each with the way out: it grants nothing, though it was meant to. `within` is what holds the
 * rule in namespaces only: a Role, or a ClusterRole that RoleBindings alone bind; `scopes` knows more than Kubernetes' own resources. Of what others serve or ask an authorizer about, only what can be in no request is told: their verbs are their own.
 */
export function ineffective(
  rule: PolicyRule,
  { within, scopes }: { within?: "Role" | "ClusterRole" | undefined; scopes?: Scopes } = {},
): string[] {
  const { verbs, apiGroups = [], resources = [], nonResourceURLs = [] } = rule;
  return [
    ...verbs.flatMap((verb) => verbMistake(verb, rule)),
    ...apiGroups.flatMap((group) => groupMistake(group)),
    ...resources.flatMap((resource) => resourceMistake(resource, rule)),
    ...nonResourceURLs.flatMap(pathMistake),
    ...nameMistakes(rule),
    ...(within === undefined ? [] : tellBeyond(rule, within, scopes)),
  ];
}

/** What Kubernetes does with objects, in the order in which people write it. */
export const objectVerbs: readonly string[] = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];
const methods = ["get", "head", "post", "put", "patch", "delete", "options"];
const slips: Record<string, string> = {
  edit: "update and patch",
  modify: "update and patch",
  write: "create, update and patch",
  view: "get, list and watch",
  read: "get, list and watch",
  remove: "delete",
  add: "create",
  apply: "patch, and create",
};

/** RBAC compares verbs exactly, and programs that ask it have verbs of their own, with capitals too: only a known verb's other spelling is a slip. */
function verbMistake(verb: string, { apiGroups = [], nonResourceURLs = [] }: PolicyRule): string[] {
  const lower = verb.toLowerCase();
  const known = nonResourceURLs.length > 0 ? methods : objectVerbs;
  if (verb !== lower && known.includes(lower)) return [`the verb "${verb}": write ${lower}`];
  if (nonResourceURLs.length > 0)
    return verb === "list" || verb === "watch" ? [`the verb "${verb}" on paths: their verbs are HTTP methods, as in get`] : [];
  const meant = Object.hasOwn(slips, lower) ? slips[lower] : undefined;
  return meant !== undefined && apiGroups.every(isKubernetesGroup)
    ? [`the verb "${verb}": Kubernetes has no such verb: write ${meant}`]
    : [];
}

function groupMistake(group: string): string[] {
  if (group === "core" || group === "v1") return [`the API group "${group}": the core group is written ""`];
  if (group.includes("/")) return [`the API group "${group}": a group is written without its version`];
  return hasCapital(group) ? [`the API group "${group}": groups are lower case`] : [];
}

/** Told when it is one in each of the rule's groups: a rule of several groups and resources needn't have every pair. */
function resourceMistake(resource: string, { verbs, apiGroups = [] }: PolicyRule): string[] {
  if (verbs.includes(audienceVerb)) return [];
  const remedies = apiGroups.filter((group) => groupMistake(group).length === 0).map((group) => remedyOf(resource, group));
  const [first] = remedies;
  return first === undefined || remedies.includes(undefined) ? [] : [`the resource "${resource}": ${first}`];
}

function remedyOf(resource: string, group: string): string | undefined {
  const [plural = "", subresource] = resource.split("/", 2);
  // A Calico tier's policies are asked about as tier.networkpolicies and the like.
  if (plural.includes("."))
    return plural.startsWith("tier.") && ["projectcalico.org", "*"].includes(group) ? undefined : "its group stands in apiGroups";
  if (subresource === "*") return "no wildcard stands for subresources: name each, or write * for all of every resource";
  if (hasCapital(plural)) return "resources are lower-case plurals";
  if (!isKubernetesGroup(group)) return undefined;
  const here = kubernetesResources.filter((one) => one.group === group);
  const found = here.find((one) => one.plural === plural);
  if (found !== undefined) return subresource === undefined ? undefined : subresourceRemedy(found, subresource);
  if (virtualResources.some((one) => one.group === group && one.plural === plural)) return undefined;
  const meant = here.find(({ singular, shortNames = [] }) => singular === plural || shortNames.includes(plural));
  if (meant !== undefined) return `write the plural, ${[meant.plural, ...resource.split("/").slice(1)].join("/")}`;
  const elsewhere = kubernetesResources.find((one) => one.plural === plural);
  return elsewhere === undefined ? undefined : `${plural} are in the API group "${elsewhere.group}"`;
}

function subresourceRemedy({ plural, subresources = [] }: KubernetesResource, subresource: string): string | undefined {
  if (subresources.includes(subresource)) return undefined;
  const lower = subresource.toLowerCase();
  const meant = subresources.find((one) => one === lower || `${one}s` === lower || `${one}es` === lower || one === `${lower}s`);
  return meant === undefined ? undefined : `write ${plural}/${meant}`;
}

function pathMistake(path: string): string[] {
  if (path !== "*" && !path.startsWith("/")) return [`the path "${path}": paths begin with /`];
  return path.replace(/\*+$/, "").includes("*") ? [`the path "${path}": a star stands for any rest at the end only`] : [];
}

/** Kinds of object whose names may hold a star. */
const freeNames = new Set(["rbac.authorization.k8s.io", "authentication.k8s.io", "certificates.k8s.io"]);

function nameMistakes({ verbs, apiGroups = [], resources = [], resourceNames = [] }: PolicyRule): string[] {
  if (resourceNames.length === 0) return [];
  const holdStars =
    !apiGroups.every((group) => isKubernetesGroup(group) && !freeNames.has(group)) ||
    resources.some((resource) => resource === "*" || resource === "users" || resource === "groups" || resource.includes("/proxy"));
  const stars = holdStars ? [] : resourceNames.filter((name) => name.includes("*"));
  const created = resources.filter((resource) => {
    const known = kubernetesResources.filter(({ plural, group }) => plural === resource && apiGroups.includes(group));
    return known.length > 0 && apiGroups.every(isKubernetesGroup) && known.every(({ onlyCreate }) => onlyCreate);
  });
  return [
    ...stars.map((name) => `the name "${name}": no wildcard stands for names: write each, or leave resourceNames out`),
    // A create has a name where an update or an apply makes the object.
    ...(created.length > 0 && verbs.includes("create") && !resourceNames.includes("")
      ? [`create of ${created.join(", ")} by resourceNames: such a request has no name`]
      : []),
    ...(verbs.includes("deletecollection") && !resourceNames.includes("")
      ? ["deletecollection by resourceNames: such a request has no name"]
      : []),
  ];
}

function tellBeyond(rule: PolicyRule, within: "Role" | "ClusterRole", scopes: Scopes | undefined): string[] {
  const [held, takes] =
    within === "Role"
      ? ["in a Role", "a ClusterRole and a ClusterRoleBinding"]
      : ["in a ClusterRole that RoleBindings alone bind here", "a ClusterRoleBinding"];
  const beyond = beyondNamespaces(rule, scopes).map(({ resource, verbs }) => {
    const what = verbs.length === rule.verbs.length ? resource : `${verbs.join(",")} of ${resource}`;
    return `${what} ${held}: ${resource.split("/")[0]} are in no namespace: it takes ${takes}`;
  });
  return rule.nonResourceURLs?.length ? [...beyond, `paths ${held}: they are in no namespace: it takes ${takes}`] : beyond;
}

function hasCapital(text: string): boolean {
  return text !== text.toLowerCase();
}
