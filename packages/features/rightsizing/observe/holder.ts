import type { VerticalPodAutoscaler } from "@plimsoll/api";
import type { Stored } from "@plimsoll/kube";
import { ownerOf } from "@plimsoll/model";
import { groupOf, sizedResources, type SizedResource } from "@plimsoll/model/sizing";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2.d.ts";
import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";

/** An autoscaler that goes by what a workload's containers ask for, or changes that. */
export interface Holder {
  kind: "HorizontalPodAutoscaler" | "VerticalPodAutoscaler";
  namespace: string;
  name: string;
  /** The UID of what has made it; undefined: its user has. */
  madeFor?: string | undefined;
  /** Without a group: of whichever. */
  target: { group: string | undefined; kind: string; name: string };
  /** The resources that it holds: by container, and of all others. */
  own: Readonly<Record<string, readonly SizedResource[]>>;
  others: readonly SizedResource[];
}

/** By what a workload's holders are found. */
const indexes = {
  target: ({ namespace, target: { kind, name } }: Holder): readonly string[] => [holderKey({ namespace, kind, name })],
};

/** How right-sizing sees HorizontalPodAutoscalers: those that scale by use in percent of requests. */
export const horizontalHolders = { project: horizontalHolder, indexes };

/** How it sees VerticalPodAutoscalers: those that apply anything. */
export const verticalHolders = { project: verticalHolder, indexes };

/** As in `shop/Deployment/web`. */
export function holderKey({ namespace, kind, name }: { namespace: string; kind: string; name: string }): string {
  return `${namespace}/${kind}/${name}`;
}

export function horizontalHolder({ metadata = {}, spec }: HorizontalPodAutoscaler): Holder | undefined {
  const scaledBy = (spec?.metrics ?? []).flatMap(({ resource, containerResource }) => {
    const [of, container] = [containerResource ?? resource, containerResource?.container];
    const name = sizedResources.find((one) => one === of?.name);
    return name !== undefined && of?.target.type === "Utilization" ? [{ name, container }] : [];
  });
  if (spec === undefined || scaledBy.length === 0) return undefined;
  const { apiVersion = "", kind, name } = spec.scaleTargetRef;
  const of = (wanted: string | undefined): SizedResource[] =>
    sizedResources.filter((one) => scaledBy.some(({ name, container }) => name === one && (container ?? wanted) === wanted));
  return {
    kind: "HorizontalPodAutoscaler",
    namespace: metadata.namespace ?? "",
    name: metadata.name ?? "",
    target: { group: groupOf(apiVersion), kind, name },
    own: Object.fromEntries(scaledBy.flatMap(({ container }) => (container === undefined ? [] : [[container, of(container)]]))),
    others: of(undefined),
  };
}

/** VerticalPodAutoscaler applies where nothing is said of it, and finds its target by kind and name alone. */
export function verticalHolder({ metadata, spec }: Stored<VerticalPodAutoscaler>): Holder | undefined {
  const { targetRef, updatePolicy, resourcePolicy } = spec;
  if (targetRef === undefined || updatePolicy?.updateMode === "Off") return undefined;
  const policies = (resourcePolicy?.containerPolicies ?? []).map(({ containerName = "*", mode, controlledResources = sizedResources }) => ({
    containerName,
    resources: mode === "Off" ? [] : sizedResources.filter((one) => controlledResources.includes(one)),
  }));
  return {
    kind: "VerticalPodAutoscaler",
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    madeFor: ownerOf(metadata as Pick<ObjectMeta, "ownerReferences">)?.uid,
    target: { group: undefined, kind: targetRef.kind, name: targetRef.name },
    own: Object.fromEntries(policies.map(({ containerName, resources }) => [containerName, resources])),
    others: policies.find(({ containerName }) => containerName === "*")?.resources ?? sizedResources,
  };
}
