import { allow, declare } from "../kinds.ts";
import type { RuntimeOf } from "../runtime.ts";
import type { WorkloadsConfig } from "./config.ts";

/** All that the workloads feature may do, beside what is configured for the kinds of its objects. */
export const permissions = declare("workloads", [
  allow(["list", "watch"], "workloadsets.plimsoll.dev", "to see which sets there are, and what they say"),
  allow("get", "workloadsets.plimsoll.dev", "to read what the last leader wrote of a set, before anything is applied for it"),
  allow("patch", "workloadsets.plimsoll.dev/status", "to say which objects a set has, and how they stand"),
  allow(["list", "watch"], "configmaps", "to read manifests from those with the label plimsoll.dev/workload-source"),
]);

/** What the workloads are given to work with. */
export type WorkloadsRuntime = RuntimeOf<typeof permissions, WorkloadsConfig>;
