import { closest, nearest } from "@plimsoll/api/text";
import { UsageError } from "../../failure.ts";
import { isNamespaced } from "@plimsoll/permissions";
import { isNamed, ownServed, type Served } from "../objects/served.ts";
import { askedByVerb, isUnlisted, wellKnown, wellKnownGroups, wellKnownIn } from "./well-known.ts";

/** A resource as RBAC names it. */
export interface ResourceName {
  group: string;
  /** The plural. */
  resource: string;
  subresource?: string;
  /** Unknown for what the cluster doesn't have. */
  namespaced?: boolean;
  /** Why it may well not be what was meant: nothing serves it. */
  doubt?: string;
}

/**
 * What `pods`, `po`, `Pod`, `pods/exec`, `deployments.apps` or `deployments.apps/scale` names, as with kubectl: of what a cluster serves, or
 * without one of Kubernetes' own and the CRDs in `files`. `group` decides where it is given, else `verb` where only one resource of the name has
 * it. Throws a UsageError for what nobody knows the group of.
 */
export function resolveResource(
  text: string,
  {
    group,
    served = [],
    files = [],
    verb = "",
  }: { group?: string | undefined; served?: readonly Served[]; files?: readonly Served[]; verb?: string } = {},
): ResourceName {
  // There the resource is an audience, most often a URL.
  if (verb === "request-serviceaccounts-token-audience") return { group: "", resource: text, namespaced: true };
  if (/[\s,]/.test(text)) throw new UsageError(`${text}: is no resource: write each by itself, as in pods`);
  const [full = "", subresource, ...rest] = text.split("/");
  if (full === "" || subresource === "" || rest.length > 0)
    throw new UsageError(`${text}: is no resource: write it as in pods, pods/exec or deployments.apps/scale`);
  // Calico asks about a tier's policies under names with a dot.
  const dot = full.indexOf(".", full.startsWith("tier.") ? "tier.".length : 0);
  const [name, inName] = dot < 0 ? [full, undefined] : [full.slice(0, dot), full.slice(dot + 1)];
  const sub = subresource === undefined ? {} : { subresource };
  // kubectl's form with a version too: deployments.v1.apps.
  const calico = full.startsWith("tier.") ? "projectcalico.org" : undefined;
  const wanted = group ?? inName?.replace(/^v\d+((alpha|beta)\d+)?\./, "") ?? calico;
  const all = served.length > 0 ? served : [...ownServed, ...files];
  const asked = askedByVerb(verb, name);
  if (asked !== undefined && (wanted === undefined || wanted === asked.group)) {
    const others = wanted === undefined ? groupsOf(all, name).filter((other) => other !== asked.group) : [];
    const doubted = ambiguous(asked.plural, asked.group, others);
    return { group: asked.group, resource: asked.plural, ...sub, namespaced: asked.namespaced, ...doubted };
  }
  const [found, ...more] = all.filter((one) => isNamed(one, name) && (wanted === undefined || one.group === wanted));
  if (found !== undefined) {
    const others = groupsOf(more, name).filter((other) => other !== found.group);
    const doubted = { ...ambiguous(name, found.group, others), ...doubtOf(found, subresource, served.length > 0) };
    return { group: found.group, resource: found.plural, ...sub, namespaced: found.namespaced, ...doubted };
  }
  if (wanted !== undefined)
    return {
      group: wanted,
      resource: name,
      ...sub,
      ...scopeOf(wanted, name),
      ...(group === undefined && doubtOfGroup(name, wanted, served)),
    };
  const [known, ...others] = wellKnownGroups(name);
  if (known !== undefined) return { group: known, resource: name, ...sub, ...scopeOf(known, name), ...ambiguous(name, known, others) };
  const asks = served.length > 0 ? "the cluster serves no such resource" : "is no resource of Kubernetes' own";
  const meant = nearest(name, served.length > 0 ? served.map(({ plural }) => plural) : wellKnown);
  throw new UsageError(
    `${full}: ${asks}${meant === undefined ? "; for others" : `; did you mean "${meant}"? For another`}, give the API group, as in --group example.com (the core group: --group "")`,
  );
}

function groupsOf(served: readonly Served[], name: string): string[] {
  return [...new Set(served.filter((one) => isNamed(one, name)).map(({ group }) => group))];
}

/** Every cluster has these, and nobody means them by the bare name. */
const unmeant = new Set(["metrics.k8s.io", "events.k8s.io"]);

function ambiguous(name: string, taken: string, all: readonly string[]): { doubt?: string } {
  const others = all.filter((group) => !unmeant.has(group));
  if (others.length === 0) return {};
  const other = others.map((group) => JSON.stringify(group)).join(" and ");
  const [only = ""] = others.length === 1 ? others : ["GROUP"];
  return {
    doubt: `this is about ${name} of the API group ${JSON.stringify(taken)}; there are ${name} in ${other} too: for those, write ${name}.${only}`,
  };
}

function scopeOf(group: string, resource: string): { namespaced?: boolean } {
  const namespaced = isNamespaced(group, resource);
  return namespaced === undefined ? {} : { namespaced };
}

/** A slash before what is no subresource is most often kubectl's TYPE/NAME. */
function doubtOf({ plural, subresources }: Served, subresource: string | undefined, isLive: boolean): { doubt?: string } {
  if (subresource === undefined || subresource === "*" || subresources.includes(subresource) || isUnlisted(plural, subresource)) return {};
  return {
    doubt: `${isLive ? "the cluster lists" : "there is"} no subresource "${subresource}" of ${plural}; for the object of that name, write: ${plural} ${subresource}`,
  };
}

function doubtOfGroup(plural: string, group: string, served: readonly Served[]): { doubt?: string } {
  const own = wellKnownIn(group);
  if (plural === "*" || group === "*" || own.includes(plural)) return {};
  if (served.length > 0) return { doubt: `the cluster serves no ${plural} in the API group "${group}"` };
  return own.length === 0 ? {} : { doubt: `Kubernetes has no ${plural} in the API group "${group}"${closest(plural, own)}` };
}
