import { groupOf } from "@plimsoll/model/sizing";

/** What a VerticalPodAutoscaler is about. */
export interface Target {
  apiVersion?: string | undefined;
  kind: string;
  name: string;
}

/** The kinds whose pods VerticalPodAutoscaler finds by itself, and their groups. */
const groups: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "": ["ReplicationController"],
    apps: ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"],
    batch: ["Job", "CronJob"],
  }).flatMap(([group, kinds]) => kinds.map((kind) => [kind, group])),
);

/** Whether it is of a kind of Kubernetes' own that can have a VerticalPodAutoscaler. */
export function isBuiltIn({ apiVersion, kind }: Target): boolean {
  const group = groups.get(kind);
  return group !== undefined && (apiVersion === undefined || groupOf(apiVersion) === group);
}

/**
 * Whether VerticalPodAutoscaler takes it for something else: of these kinds it looks at the name alone, so that with a Job of another group
 * it means the one of batch.
 */
export function isMistaken(target: Target): boolean {
  return groups.has(target.kind) && !isBuiltIn(target);
}

/** Whether a VerticalPodAutoscaler's target is that workload. */
export function isTarget(target: Target, workload: Target & { apiVersion: string }): boolean {
  if (target.kind !== workload.kind || target.name !== workload.name || isMistaken(target)) return false;
  return isBuiltIn(target) ? isBuiltIn(workload) : groupOf(target.apiVersion ?? "") === groupOf(workload.apiVersion);
}

/** By what VerticalPodAutoscaler tells targets apart; as in shop/Deployment/web. */
export function targetKey(namespace: string, { kind, name }: Target): string {
  return `${namespace}/${kind}/${name}`;
}

/** As in Deployment/web. */
export function titleOf({ kind, name }: Target): string {
  return `${kind}/${name}`;
}
