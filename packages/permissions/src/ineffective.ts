import {
  audienceVerb,
  isKubernetesGroup,
  kubeletSubresources,
  kubernetesResources,
  virtualResources,
  type KubernetesResource,
} from "./kubernetes-resources.ts";
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
    ...lackingVerbs(rule),
    ...collectionMistakes(rule),
    ...nonResourceURLs.flatMap(pathMistake),
    ...nameMistakes(rule),
    ...(within === undefined ? [] : tellBeyond(rule, within, scopes)),
  ];
}

/** What Kubernetes does with objects, in the order in which people write it. */
export const objectVerbs: readonly string[] = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];
const methods = ["get", "head", "post", "put", "patch", "delete", "options"];
/** Verbs that people take from kubectl, HTTP or other systems. */
const slips: Readonly<Record<string, string>> = {
  edit: "update and patch",
  modify: "update and patch",
  write: "create, update and patch",
  view: "get, list and watch",
  read: "get, list and watch",
  remove: "delete",
  add: "create",
  apply: "patch, and create",
  replace: "update",
  label: "patch",
  annotate: "patch",
  describe: "get, and list of events",
  all: '"*"',
  any: '"*"',
  exec: "create of pods/exec",
  attach: "create of pods/attach",
  portforward: "create of pods/portforward",
  "port-forward": "create of pods/portforward",
  log: "get of pods/log",
  logs: "get of pods/log",
  evict: "create of pods/eviction",
  scale: "update and patch of the subresource scale",
  post: "create",
  put: "update",
};

/** RBAC compares verbs exactly, and programs that ask it have verbs of their own, with capitals too: only a known verb's other spelling is a slip. */
function verbMistake(verb: string, { apiGroups = [], nonResourceURLs = [] }: PolicyRule): string[] {
  const lower = verb.toLowerCase();
  const isPath = nonResourceURLs.length > 0;
  const known = isPath ? methods : objectVerbs;
  if (verb !== lower && known.includes(lower)) return [`the verb "${verb}": write ${lower}`];
  const list = itemsOf(verb);
  if (list.length > 1 && list.every((one) => known.includes(one.toLowerCase()))) return [`the verb "${verb}": write each by itself`];
  if (isPadded(verb)) return [`the verb "${verb}": ${unpadded(verb)}`];
  if (verb !== "*" && verb.includes("*")) return [`the verb "${verb}": a star is a wildcard alone only, for every verb`];
  if (isPath)
    return objectVerbs.includes(verb) && !methods.includes(verb)
      ? [`the verb "${verb}" on paths of the API server: their verbs are HTTP methods, as in ${asMethod[verb] ?? "get"}`]
      : [];
  const meant = Object.hasOwn(slips, lower) ? slips[lower] : known.find((one) => !known.includes(verb) && isSlipOf(one, lower));
  return meant !== undefined && apiGroups.every(isKubernetesGroup)
    ? [`the verb "${verb}": Kubernetes has no such verb: write ${meant}`]
    : [];
}

/** Whether a text is a word with an ending, a letter too few or too many, another letter, or two that have changed places. */
function isSlipOf(word: string, text: string): boolean {
  if (["s", "es", "ing", "ed"].some((ending) => text === word + ending || text === word.replace(/e$/, "") + ending)) return true;
  const same = [...word].findIndex((letter, index) => letter !== text[index]);
  if (same < 0 || Math.abs(word.length - text.length) > 1) return same < 0 && text.length === word.length + 1;
  const [left, right] = [word.slice(same), text.slice(same)];
  const swapped = `${left[1] ?? ""}${left[0]}${left.slice(2)}`;
  return (word.length > 3 && left.slice(1) === right.slice(1)) || left.slice(1) === right || left === right.slice(1) || swapped === right;
}

/** Kubernetes compares every letter, and none of its own names begins or ends with a space. */
function isPadded(text: string): boolean {
  return text !== text.trim();
}

function unpadded(text: string): string {
  return `write ${text.trim() === "" ? "it" : text.trim()} without the space`;
}

const asMethod: Readonly<Record<string, string>> = { create: "post", update: "put", deletecollection: "delete" };

/** The parts of a list that was written as one text. */
function itemsOf(text: string): string[] {
  return text.split(/[\s,;|]+/).filter(Boolean);
}

function groupMistake(group: string): string[] {
  if (group === "core" || group === "v1") return [`the API group "${group}": the core group is written ""`];
  if (itemsOf(group).length > 1) return [`the API group "${group}": write each by itself`];
  if (isPadded(group)) return [`the API group "${group}": ${unpadded(group)}`];
  if (group !== "*" && group.includes("*")) return [`the API group "${group}": a star is a wildcard alone only, for every group`];
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
  if (itemsOf(resource).length > 1) return "write each by itself";
  if (isPadded(resource)) return unpadded(resource);
  if (resource === "") return "name one, or write * for all";
  if (plural === "" || subresource === "") return `write ${plural || subresource} without the slash`;
  // A Calico tier's policies are asked about as tier.networkpolicies and the like.
  if (plural.includes("."))
    return plural.startsWith("tier.") && ["projectcalico.org", "*"].includes(group) ? undefined : "its group stands in apiGroups";
  if (subresource === "*") return "no wildcard stands for subresources: name each, or write * for all of every resource";
  if (plural !== "*" && plural.includes("*")) return "a star is a wildcard alone only, for every resource";
  if (hasCapital(plural)) return "resources are lower-case plurals";
  const moved = formerly[group]?.[plural];
  if (moved !== undefined) return moved;
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

const toApps = (plural: string): string => `${plural} are in the API group "apps", since Kubernetes 1.16 only there`;
const toNetworking = (plural: string, version: string): string =>
  `${plural} are in the API group "networking.k8s.io", since Kubernetes ${version} only there`;
const isGone = "Kubernetes has had none since 1.25";

/** What has left its group: https://kubernetes.io/docs/reference/using-api/deprecation-guide/ */
const formerly: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  extensions: {
    deployments: toApps("deployments"),
    daemonsets: toApps("daemonsets"),
    replicasets: toApps("replicasets"),
    ingresses: toNetworking("ingresses", "1.22"),
    networkpolicies: toNetworking("networkpolicies", "1.16"),
    podsecuritypolicies: isGone,
  },
  policy: { podsecuritypolicies: isGone },
};

/** Told where it is known what was meant: programs ask authorizers about subresources of their own. */
function subresourceRemedy({ plural, subresources = [] }: KubernetesResource, subresource: string): string | undefined {
  // Who may set owner references that block is asked about finalizers of every kind.
  const known = [...subresources, ...(plural === "nodes" ? kubeletSubresources : []), "finalizers"];
  if (known.includes(subresource)) return undefined;
  const lower = subresource.toLowerCase();
  const isMeant = (one: string): boolean => one === lower || `${one}s` === lower || `${one}es` === lower || one === `${lower}s`;
  const meant = known.find(isMeant);
  if (meant !== undefined) return `write ${plural}/${meant}`;
  const ofPods = streams.find(isMeant);
  return ofPods === undefined ? undefined : `${plural} have none: write pods/${ofPods}`;
}

const streams = ["log", "exec", "attach", "portforward", "ephemeralcontainers", "eviction"];

/** Verbs that a resource has none of; told where no other verb gives the resource a meaning. */
function lackingVerbs({ verbs, apiGroups = [], resources = [] }: PolicyRule): string[] {
  if (!apiGroups.every(isKubernetesGroup) || !verbs.every((verb) => objectVerbs.includes(verb) && verb !== "create")) return [];
  return resources.flatMap((resource) =>
    isOnlyCreated(resource, apiGroups) ? [`${verbs.join(",")} of ${resource}: they have no verb but create`] : [],
  );
}

function isOnlyCreated(resource: string, apiGroups: readonly string[]): boolean {
  const known = kubernetesResources.filter(({ plural, group }) => plural === resource && apiGroups.includes(group));
  return known.length > 0 && known.every(({ onlyCreate }) => onlyCreate);
}

/** Verbs that ask about collections, which a subresource has none of; told where no other verb gives the resource a meaning. */
function collectionMistakes({ verbs, apiGroups = [], resources = [] }: PolicyRule): string[] {
  if (!verbs.every((verb) => ["list", "watch", "deletecollection"].includes(verb)) || !apiGroups.every(isKubernetesGroup)) return [];
  return resources.flatMap((resource) => {
    const [plural, subresource] = resource.split("/", 2);
    const isOwn = kubernetesResources.some(
      (one) => one.plural === plural && apiGroups.includes(one.group) && subresource && one.subresources?.includes(subresource),
    );
    return isOwn ? [`${verbs.join(",")} of ${resource}: a subresource is of one object: its verbs are others, as in get or create`] : [];
  });
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
  // A signer's domain stands for all of it, and nothing else for several.
  const isSigners = apiGroups.every((group) => group === "certificates.k8s.io") && resources.every((resource) => resource === "signers");
  const signers = isSigners ? resourceNames.filter((name) => name.includes("*") && !/^[^*/]+\/\*$/.test(name)) : [];
  const stars = holdStars ? [] : resourceNames.filter((name) => name.includes("*"));
  const created = apiGroups.every(isKubernetesGroup) ? resources.filter((resource) => isOnlyCreated(resource, apiGroups)) : [];
  return [
    ...stars.map((name) => `the name "${name}": no wildcard stands for names: write each, or leave resourceNames out`),
    ...signers.map(
      (name) =>
        `the name "${name}": a star stands for all signers of one domain, as in example.com/*; for every signer, leave resourceNames out`,
    ),
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
