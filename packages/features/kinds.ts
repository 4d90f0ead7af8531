import {
  group,
  kinds as definitions,
  sparkGroup,
  sparkVersion,
  storedVersion,
  vpaGroup,
  vpaVersion,
  type Kind,
  type ScheduledSparkApplication,
  type SparkApplication,
  type StoredObjectOf,
  type StoredVersionOf,
  type VerticalPodAutoscaler,
} from "@plimsoll/api";
import { builtin, gate, resource, type Resource } from "@plimsoll/kube";

type SubresourceOf<K extends Kind> = StoredVersionOf<K> extends { subresources: readonly (infer S extends string)[] } ? S : never;

/** What a gate calls the resources of a kind, as in `pipelineruns.plimsoll.dev` and `pipelineruns.plimsoll.dev/status`. */
type NameOf<K extends Kind> = `${K["plural"]}.${typeof group}${"" | `/${SubresourceOf<K>}`}`;

type CatalogueOf<K extends Kind> = {
  [D in K as NameOf<D>]: Resource<StoredObjectOf<D>, D["scope"] extends "Namespaced" ? true : false>;
};

/** The entries of kinds in a gate's catalogue, with their subresources. */
export function catalogueOf<K extends Kind>(of: readonly K[]): CatalogueOf<K>;
export function catalogueOf(of: readonly Kind[]): Record<string, Resource<unknown, boolean>> {
  const entries = of.flatMap((definition) => {
    const { kind, plural, scope } = definition;
    const { name: version, subresources = [] } = storedVersion(definition);
    const resource = { group, version, plural, kind, namespaced: scope === "Namespaced" };
    const name = `${plural}.${group}`;
    return [[name, resource], ...subresources.map((subresource) => [`${name}/${subresource}`, { ...resource, subresource }])];
  });
  return Object.fromEntries(entries);
}

/** Plimsoll's own kinds, for a gate's catalogue. */
export const kinds = catalogueOf(definitions);

const spark = { group: sparkGroup, version: sparkVersion, namespaced: true } as const;
const applications = { ...spark, plural: "sparkapplications", kind: "SparkApplication" } as const;
const scheduled = { ...spark, plural: "scheduledsparkapplications", kind: "ScheduledSparkApplication" } as const;

/** The kinds that the Spark operator defined, for a gate's catalogue. */
export const sparkKinds = {
  "sparkapplications.sparkoperator.k8s.io": resource<SparkApplication>(applications),
  "sparkapplications.sparkoperator.k8s.io/status": resource<SparkApplication>({ ...applications, subresource: "status" }),
  "scheduledsparkapplications.sparkoperator.k8s.io": resource<ScheduledSparkApplication>(scheduled),
  "scheduledsparkapplications.sparkoperator.k8s.io/status": resource<ScheduledSparkApplication>({ ...scheduled, subresource: "status" }),
};

const autoscalers = {
  group: vpaGroup,
  version: vpaVersion,
  plural: "verticalpodautoscalers",
  kind: "VerticalPodAutoscaler",
  namespaced: true,
} as const;

/** The kind that VerticalPodAutoscaler defines, for a gate's catalogue. */
export const vpaKinds = {
  "verticalpodautoscalers.autoscaling.k8s.io": resource<VerticalPodAutoscaler>(autoscalers),
  "verticalpodautoscalers.autoscaling.k8s.io/status": resource<VerticalPodAutoscaler>({ ...autoscalers, subresource: "status" }),
};

const catalogue = { ...builtin, ...kinds, ...sparkKinds, ...vpaKinds };

/** All resources that features may declare. */
export type Catalogue = typeof catalogue;

/** How features, and what uses the same kinds, declare what they may do. */
export const { declare, allow } = gate(catalogue);
