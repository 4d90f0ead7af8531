import { allow, declare } from "../kinds.ts";
import type { RuntimeOf } from "../runtime.ts";
import type { SparkConfig } from "./config.ts";

/** Where the Spark operator runs applications, they are only seen. */
const unless = { mode: "operator" } as const;

/** All that the spark feature may do. What a driver may do is its own ServiceAccount's: see driver-role.ts. */
export const permissions = declare("spark", [
  allow(["list", "watch"], "sparkapplications.sparkoperator.k8s.io", "to see which applications are to be run"),
  allow(
    "get",
    "sparkapplications.sparkoperator.k8s.io",
    "to read what the last leader wrote of an application, before a driver is made for it",
    { unless },
  ),
  allow("patch", "sparkapplications.sparkoperator.k8s.io/status", "to say how an application stands, as the Spark operator does", {
    unless,
  }),
  allow("create", "sparkapplications.sparkoperator.k8s.io", "to run what a ScheduledSparkApplication says", { unless }),
  allow(
    "delete",
    "sparkapplications.sparkoperator.k8s.io",
    "to delete applications whose timeToLiveSeconds is over, and those that a schedule doesn't keep",
    { unless },
  ),
  allow(["list", "watch"], "scheduledsparkapplications.sparkoperator.k8s.io", "to see what is to be run when", { unless }),
  allow(
    "get",
    "scheduledsparkapplications.sparkoperator.k8s.io",
    "to read what the last leader wrote of a schedule, before anything is started for it",
    { unless },
  ),
  allow("patch", "scheduledsparkapplications.sparkoperator.k8s.io/status", "to say what was run, and what comes next", { unless }),
  allow(["list", "watch"], "pods", "to see how drivers and executors stand", { unless }),
  allow("get", "pods", "to know whether a driver that isn't seen is gone, and whose a pod of its name is", { unless }),
  allow("create", "pods", "to make drivers", { unless }),
  allow("delete", "pods", "to end what an application that is changed, suspended or over has left", { unless }),
  allow("create", "services", "to make the address of a driver", { unless }),
  allow("create", "configmaps", "to give a driver its properties, and the template of its executors", { unless }),
  allow("create", "networkpolicies.networking.k8s.io", "to keep executors from others' reach", {
    unless: { ...unless, networkPolicy: false },
  }),
]);

/** What the feature is given to work with. */
export type SparkRuntime = RuntimeOf<typeof permissions, SparkConfig>;
