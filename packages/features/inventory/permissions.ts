import { allow, declare } from "../kinds.ts";
import type { RuntimeOf } from "../runtime.ts";
import type { InventoryConfig } from "./config.ts";

/** All that the inventory may do: it reads, and writes nothing. */
export const permissions = declare("inventory", [
  allow(["list", "watch"], "nodes", "to add up what there is for pods"),
  allow(["list", "watch"], "pods", "to add up what is asked for, by node, namespace, kind of workload and pipeline"),
  allow(["list", "watch"], "replicasets.apps", "to count a Deployment's pods as its own"),
  allow(["list", "watch"], "jobs.batch", "to count a CronJob's pods as its own"),
  allow(["list", "watch"], "pipelineruns.plimsoll.dev", "to count a run's pods for the pipeline that it names"),
  allow(["list", "watch"], "persistentvolumeclaims", "to add up what storage is asked for"),
  allow(["list", "watch"], "persistentvolumes", "to add up what storage there is"),
  allow(["list", "watch"], "poddisruptionbudgets.policy", "to count budgets that allow no disruption"),
  allow(["list", "watch"], "horizontalpodautoscalers.autoscaling", "to count autoscalers that can go no further"),
  allow("list", "nodes.metrics.k8s.io", "to say what nodes use, where there is a metrics server"),
  allow("list", "pods.metrics.k8s.io", "to say what pods use, where there is a metrics server"),
]);

/** What the inventory is given to work with. */
export type InventoryRuntime = RuntimeOf<typeof permissions, InventoryConfig>;
