import { allow, declare } from "../kinds.ts";
import type { RuntimeOf } from "../runtime.ts";
import type { SparkConfig } from "./config.ts";

/** All that the spark feature may do. What a driver may do is its own ServiceAccount's: see driver-role.ts. */
export const permissions = declare("spark", [
  allow(["list", "watch"], "sparkapplications.sparkoperator.k8s.io", "to see which applications are to be run"),
  allow(
    "get",
    "sparkapplications.sparkoperator.k8s.io",
    "to read what the last leader wrote of an application, before a driver is made for it",
  ),
  allow("patch", "sparkapplications.sparkoperator.k8s.io/status", "to say how an application stands, as the Spark operator does"),
  allow("create", "sparkapplications.sparkoperator.k8s.io", "to run what a ScheduledSparkApplication says"),
  allow(
    "delete",
    "sparkapplications.sparkoperator.k8s.io",
    "to delete applications whose timeToLiveSeconds is over, and those that a schedule doesn't keep",
  ),
  allow(["list", "watch"], "scheduledsparkapplications.sparkoperator.k8s.io", "to see what is to be run when"),
  allow(
    "get",
    "scheduledsparkapplications.sparkoperator.k8s.io",
    "to read what the last leader wrote of a schedule, before anything is started for it",
  ),
  allow("patch", "scheduledsparkapplications.sparkoperator.k8s.io/status", "to say what was run, and what comes next"),
  allow(["list", "watch"], "pods", "to see how drivers and executors stand"),
  allow("get", "pods", "to know whether a driver that isn't seen is gone, and whose a pod of its name is"),
  allow("create", "pods", "to make drivers"),
  allow("delete", "pods", "to end what an application that is changed, suspended or over has left"),
  allow("create", "services", "to make the address of a driver"),
  allow("create", "configmaps", "to give a driver its properties, and the template of its executors"),
  allow("create", "networkpolicies.networking.k8s.io", "to keep executors from others' reach"),
]);

/** What the feature is given to work with. */
export type SparkRuntime = RuntimeOf<typeof permissions, SparkConfig>;
