import type { Node, NodeAddress, Taint } from "kubernetes-types/core/v1.d.ts";
import { Interned } from "./interned.ts";
import { timeOf } from "./pod.ts";
import { amounts, type Amounts } from "./amounts/requests.ts";
import type { Labels } from "./selector.ts";

/** What planners know of a node. Nothing of it may be changed. */
export interface NodeView {
  name: string;
  uid: string;
  resourceVersion: string;
  /** Milliseconds since 1970, as all times here. */
  createdAt: number;
  endsAt: number | undefined;
  labels: Labels;
  /** Those of Plimsoll's. */
  annotations: Labels;
  taints: readonly Taint[];
  /** Whether it is cordoned. */
  isUnschedulable: boolean;
  /** Its condition Ready, and since when it is so. */
  ready: { status: "True" | "False" | "Unknown"; since: number; reason: string };
  capacity: Amounts;
  /** What of its capacity pods may take. */
  allocatable: Amounts;
  /** As in `aws:///eu-central-1a/i-0123456789abcdef0`; empty: none. */
  providerID: string;
  addresses: readonly NodeAddress[];
}

const sizes = new Interned<Amounts>();

/** Takes of a node what planners know. */
export function nodeOf({ metadata = {}, spec = {}, status = {} }: Node): NodeView {
  const { name = "", uid = "", resourceVersion = "", creationTimestamp, deletionTimestamp, labels = {}, annotations = {} } = metadata;
  const createdAt = timeOf(creationTimestamp) ?? 0;
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  return {
    name,
    uid,
    resourceVersion,
    createdAt,
    endsAt: timeOf(deletionTimestamp),
    labels,
    annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => key.startsWith("plimsoll.dev/"))),
    taints: spec.taints ?? [],
    isUnschedulable: spec.unschedulable ?? false,
    // A node that has never said that it is ready has not been since it came.
    ready: {
      status: (ready?.status ?? "Unknown") as NodeView["ready"]["status"],
      since: timeOf(ready?.lastTransitionTime) ?? createdAt,
      reason: ready?.reason ?? "",
    },
    capacity: sizes.of(amounts(status.capacity)),
    allocatable: sizes.of(amounts(status.allocatable)),
    providerID: spec.providerID ?? "",
    addresses: status.addresses ?? [],
  };
}

/** How features see nodes: the view is theirs in common. */
export const nodeView = { project: nodeOf };
