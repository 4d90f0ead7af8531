import { allow, declare } from "../kinds.ts";
import type { RuntimeOf } from "../runtime.ts";
import type { ResizingConfig } from "./config.ts";

/** All that the resizing may do. */
export const permissions = declare("resizing", [
  allow(["list", "watch"], "rightsizingpolicies.plimsoll.dev", "to see what is recommended, and how it is to be applied"),
  allow("patch", "rightsizingpolicies.plimsoll.dev/status", "to say what is changed before it is, and whether it did harm"),
  allow(["list", "watch"], "pods", "to see what pods ask for, and whether they crash, or are killed, by it"),
  allow("patch", "pods/resize", "to change what a pod asks for without a restart"),
  allow(["list", "watch"], "replicasets.apps", "to count a Deployment's pods as its own"),
  allow(["list", "watch"], "jobs.batch", "to count a CronJob's pods as its own"),
  allow(["list", "watch"], "pipelineruns.plimsoll.dev", "to count the pods of a pipeline's runs as its own"),
  allow(["list", "watch"], "deployments.apps", "to see what a Deployment's template asks for, and how its roll-out stands"),
  allow("patch", "deployments.apps", "to change what a Deployment's template asks for, where a policy says recreate"),
  allow(["list", "watch"], "statefulsets.apps", "to see what a StatefulSet's template asks for, and how its roll-out stands"),
  allow("patch", "statefulsets.apps", "to change what a StatefulSet's template asks for, where a policy says recreate"),
  allow(["list", "watch"], "daemonsets.apps", "to see what a DaemonSet's template asks for, and how its roll-out stands"),
  allow("patch", "daemonsets.apps", "to change what a DaemonSet's template asks for, where a policy says recreate"),
  allow(["list", "watch"], "cronjobs.batch", "to see what a CronJob's template asks for"),
  allow("patch", "cronjobs.batch", "to change what a CronJob's next pods ask for"),
  allow(["list", "watch"], "poddisruptionbudgets.policy", "to replace pods only while one may be missing"),
]);

/** What the resizing is given to work with. */
export type ResizingRuntime = RuntimeOf<typeof permissions, ResizingConfig>;
