import { group as own, type RightSizingPolicy } from "@plimsoll/api";
import { matches } from "@plimsoll/model";
import type { SizedPod } from "../observe/pod.ts";
import { groupOf, type Workload } from "../observe/workload.ts";

/** The groups of the kinds that are meant where a policy names none. */
const groups = new Map(
  Object.entries({
    "": ["Pod", "ReplicationController"],
    apps: ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"],
    batch: ["Job", "CronJob"],
    [own]: ["Pipeline", "PipelineRun", "PipelineSchedule"],
  }).flatMap(([group, kinds]) => kinds.map((kind) => [kind, group])),
);

/** Whether a policy is about a pod of its namespace. */
export function chooses(policy: Pick<RightSizingPolicy, "spec">, { shape: { labels } }: SizedPod, workload: Workload): boolean {
  const { selector } = policy.spec;
  return (selector === undefined || matches(selector, labels)) && mayChoose(policy, workload);
}

/** Whether it may be about pods of a workload, whatever their labels are. */
export function mayChoose({ spec }: Pick<RightSizingPolicy, "spec">, workload: Workload): boolean {
  return (
    spec.workloads === undefined ||
    spec.workloads.some(({ apiVersion, kind, name }) => {
      if (kind !== workload.kind || (name !== undefined && name !== workload.name)) return false;
      const group = apiVersion === undefined ? groups.get(kind) : groupOf(apiVersion);
      return group === undefined || group === groupOf(workload.apiVersion);
    })
  );
}

/** The policies of a namespace in the order in which they choose: the oldest first. What one has chosen is no other's matter. */
export function inOrder<P extends Pick<RightSizingPolicy, "metadata">>(policies: readonly P[]): P[] {
  const age = ({ metadata }: P): string => `${metadata.creationTimestamp ?? ""} ${metadata.name ?? ""}`;
  return policies.toSorted((a, b) => (age(a) < age(b) ? -1 : 1));
}
