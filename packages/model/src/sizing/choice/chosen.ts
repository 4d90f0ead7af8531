import { matches, type Selector } from "../../selector.ts";
import type { SizedPod } from "./sized-pod.ts";
import { groupOf, type Workload } from "./workload.ts";

/** What of a RightSizingPolicy says which pods it is about. */
export interface Choosing {
  metadata: { namespace?: string | undefined; name?: string | undefined; uid: string; creationTimestamp?: string | undefined };
  spec: {
    selector?: Selector | undefined;
    jobs?: { label: string } | undefined;
    workloads?: readonly { apiVersion?: string | undefined; kind: string; name?: string | undefined }[] | undefined;
  };
}

/** The groups of the kinds that are meant where a policy names none. */
const groups = new Map(
  Object.entries({
    "": ["Pod", "ReplicationController"],
    apps: ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"],
    batch: ["Job", "CronJob"],
    "plimsoll.dev": ["Pipeline", "PipelineRun", "PipelineSchedule"],
  }).flatMap(([group, kinds]) => kinds.map((kind) => [kind, group])),
);

/** Whether a policy is about a pod of its namespace. */
export function chooses(policy: Pick<Choosing, "spec">, { shape: { labels } }: SizedPod, workload: Workload): boolean {
  const { selector } = policy.spec;
  return (selector === undefined || matches(selector, labels)) && mayChoose(policy, workload);
}

/** Whether it may be about pods of a workload, whatever their labels are. */
export function mayChoose({ spec }: Pick<Choosing, "spec">, workload: Workload): boolean {
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
export function inOrder<P extends { metadata: Omit<Choosing["metadata"], "uid"> }>(policies: readonly P[]): P[] {
  const age = ({ metadata }: P): string => `${metadata.creationTimestamp ?? ""} ${metadata.name ?? ""}`;
  return policies.toSorted((a, b) => (age(a) < age(b) ? -1 : 1));
}
