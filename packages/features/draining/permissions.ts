import { allow, declare } from "../kinds.ts";
import type { RuntimeOf } from "../runtime.ts";
import type { DrainingConfig } from "./config.ts";

/** All that the draining feature may do. */
export const permissions = declare("draining", [
  allow(["list", "watch"], "drains.plimsoll.dev", "to see which nodes are to be drained, and how"),
  allow("patch", "drains.plimsoll.dev", "to keep a Drain that is deleted until what it has cordoned is uncordoned, by a finalizer"),
  allow("patch", "drains.plimsoll.dev/status", "to say how far a Drain is"),
  allow(["list", "watch"], "nodes", "to see which there are, which are cordoned, and where there is room"),
  allow("patch", "nodes", "to cordon a node, and to uncordon what it has cordoned"),
  allow(["list", "watch"], "pods", "to see which are on a node, where there is room for them, and that they have gone"),
  allow("create", "pods/eviction", "to evict pods so that PodDisruptionBudgets can refuse it"),
  allow("delete", "pods", "to delete pods that could not be evicted in time, where a Drain says onTimeout: delete"),
  allow(["list", "watch"], "poddisruptionbudgets.policy", "to see how many pods may be evicted, and which never"),
  allow(["list", "watch"], "persistentvolumeclaims", "to see which volumes a pod has"),
  allow(["list", "watch"], "persistentvolumes", "to see from which nodes a volume can be reached"),
  allow("get", "jobs.batch", "to see when the time limit of a Job ends its pods, where a Drain says waitForJobs"),
  allow("get", "replicasets.apps", "to see of which Deployment a pod is, where a Drain says surge"),
  allow("list", "horizontalpodautoscalers.autoscaling", "to leave a Deployment alone that one scales, where a Drain says surge"),
  allow(["get", "patch"], "deployments.apps/scale", "to give a Deployment one more replica while its pods move, where a Drain says surge"),
]);

/** What the draining is given to work with. */
export type DrainingRuntime = RuntimeOf<typeof permissions, DrainingConfig>;
