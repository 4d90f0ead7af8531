import { allow, declare } from "../kinds.ts";
import type { RuntimeOf } from "../runtime.ts";
import type { RightSizingConfig } from "./config.ts";

/** All that right-sizing may do: it recommends, and changes nothing but the status of its policies. */
export const permissions = declare("rightsizing", [
  allow(["list", "watch"], "rightsizingpolicies.plimsoll.dev", "to see which policies there are, and where their recommendations stood"),
  allow("patch", "rightsizingpolicies.plimsoll.dev/status", "to say what is recommended, and what it is made of"),
  allow("list", "pods.metrics.k8s.io", "to see what containers use"),
  allow(["list", "watch"], "pods", "to see what containers ask for, and which were killed for want of memory"),
  allow(["list", "watch"], "replicasets.apps", "to count a Deployment's pods as its own"),
  allow(["list", "watch"], "jobs.batch", "to count a CronJob's pods as its own"),
  allow(["list", "watch"], "pipelineruns.plimsoll.dev", "to count the pods of a pipeline's runs as its own"),
  allow(
    ["list", "watch"],
    "horizontalpodautoscalers.autoscaling",
    "to say of which workloads requests are scaled by, so that they aren't changed",
  ),
  allow(
    ["list", "watch"],
    "verticalpodautoscalers.autoscaling.k8s.io",
    "to say of which workloads somebody else changes requests, where VerticalPodAutoscaler is installed",
  ),
]);

/** What right-sizing is given to work with. */
export type RightSizingRuntime = RuntimeOf<typeof permissions, RightSizingConfig>;
