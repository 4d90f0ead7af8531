import { closest } from "@plimsoll/api";
import { UsageError } from "../failure.ts";
import { wellKnown, wellKnownGroup } from "./well-known.ts";

/** A resource as RBAC names it. */
export interface ResourceName {
  group: string;
  /** The plural. */
  resource: string;
  subresource?: string;
  /** Unknown for what the cluster doesn't have. */
  namespaced?: boolean;
}

/** A resource that a cluster serves; groups come in the server's order of preference. */
export interface Served {
  group: string;
  plural: string;
  singular: string;
  kind: string;
  shortNames: readonly string[];
  namespaced: boolean;
}

/**
 * What `pods`, `pods/exec`, `deployments.apps` or `deployments.apps/scale` names; with what a cluster serves also `po`, `pod` or `Pod`, as
 * with kubectl. `group` decides where it is given. Throws a UsageError for what nobody knows the group of.
 */
export function resolveResource(text: string, { group, served = [] }: { group?: string | undefined; served?: readonly Served[] } = {}): ResourceName {
  const [full = "", subresource, ...rest] = text.split("/");
  if (full === "" || subresource === "" || rest.length > 0) throw new UsageError(`${text}: is no resource: write it as in pods, pods/exec or deployments.apps/scale`);
  const dot = full.indexOf(".");
  const [name, inName] = dot < 0 ? [full, undefined] : [full.slice(0, dot), full.slice(dot + 1)];
  const sub = subresource === undefined ? {} : { subresource };
  // kubectl's form with a version too: deployments.v1.apps.
  const wanted = group ?? inName?.replace(/^v\d+((alpha|beta)\d+)?\./, "");
  const found = served.find((one) => isNamed(one, name) && (wanted === undefined || one.group === wanted));
  if (found !== undefined) return { group: found.group, resource: found.plural, ...sub, namespaced: found.namespaced };
  const known = wanted ?? wellKnownGroup(name);
  if (known !== undefined) return { group: known, resource: name, ...sub };
  const asks = served.length > 0 ? "the cluster serves no such resource" : "is no resource of Kubernetes' own";
  const meant = closest(name, served.length > 0 ? served.map(({ plural }) => plural) : wellKnown);
  throw new UsageError(`${full}: ${asks}${meant.includes("did you mean") ? `${meant} For another` : "; for others"}, give the API group, as in --group example.com (the core group: --group "")`);
}

function isNamed({ plural, singular, kind, shortNames }: Served, name: string): boolean {
  return [plural, singular, ...shortNames, kind.toLowerCase()].includes(name.toLowerCase());
}
