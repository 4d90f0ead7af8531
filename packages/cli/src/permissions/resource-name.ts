import { closest } from "@plimsoll/api";
import { UsageError } from "../failure.ts";
import { isUnlisted, wellKnown, wellKnownGroup, wellKnownIn } from "./well-known.ts";

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

/** A resource that a cluster serves; groups come in the server's order of preference. */
export interface Served {
  group: string;
  plural: string;
  singular: string;
  kind: string;
  shortNames: readonly string[];
  namespaced: boolean;
  subresources: readonly string[];
}

/**
 * What `pods`, `pods/exec`, `deployments.apps` or `deployments.apps/scale` names; with what a cluster serves also `po`, `pod` or `Pod`, as
 * with kubectl. `group` decides where it is given. Throws a UsageError for what nobody knows the group of.
 */
export function resolveResource(
  text: string,
  { group, served = [] }: { group?: string | undefined; served?: readonly Served[] } = {},
): ResourceName {
  const [full = "", subresource, ...rest] = text.split("/");
  if (full === "" || subresource === "" || rest.length > 0)
    throw new UsageError(`${text}: is no resource: write it as in pods, pods/exec or deployments.apps/scale`);
  const dot = full.indexOf(".");
  const [name, inName] = dot < 0 ? [full, undefined] : [full.slice(0, dot), full.slice(dot + 1)];
  const sub = subresource === undefined ? {} : { subresource };
  // kubectl's form with a version too: deployments.v1.apps.
  const wanted = group ?? inName?.replace(/^v\d+((alpha|beta)\d+)?\./, "");
  const found = served.find((one) => isNamed(one, name) && (wanted === undefined || one.group === wanted));
  if (found !== undefined)
    return { group: found.group, resource: found.plural, ...sub, namespaced: found.namespaced, ...doubtOf(found, subresource) };
  if (wanted !== undefined)
    return { group: wanted, resource: name, ...sub, ...(group === undefined && doubtOfGroup(name, wanted, served)) };
  const known = wellKnownGroup(name);
  if (known !== undefined) return { group: known, resource: name, ...sub };
  const asks = served.length > 0 ? "the cluster serves no such resource" : "is no resource of Kubernetes' own";
  const meant = closest(name, served.length > 0 ? served.map(({ plural }) => plural) : wellKnown);
  throw new UsageError(
    `${full}: ${asks}${meant.includes("did you mean") ? `${meant} For another` : "; for others"}, give the API group, as in --group example.com (the core group: --group "")`,
  );
}

/** A slash before what is no subresource is most often kubectl's TYPE/NAME. */
function doubtOf({ plural, subresources }: Served, subresource: string | undefined): { doubt?: string } {
  if (subresource === undefined || subresource === "*" || subresources.includes(subresource) || isUnlisted(plural, subresource)) return {};
  return {
    doubt: `the cluster lists no subresource "${subresource}" of ${plural}; for the object of that name, write: ${plural} ${subresource}`,
  };
}

function doubtOfGroup(plural: string, group: string, served: readonly Served[]): { doubt?: string } {
  const own = wellKnownIn(group);
  if (plural === "*" || group === "*" || own.includes(plural)) return {};
  if (served.length > 0) return { doubt: `the cluster serves no ${plural} in the API group "${group}"` };
  return own.length === 0 ? {} : { doubt: `Kubernetes has no ${plural} in the API group "${group}"${closest(plural, own)}` };
}

function isNamed({ plural, singular, kind, shortNames }: Served, name: string): boolean {
  return [plural, singular, ...shortNames, kind.toLowerCase()].includes(name.toLowerCase());
}
