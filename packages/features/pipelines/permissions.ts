import { allow, declare } from "../kinds.ts";
import type { RuntimeOf } from "../runtime.ts";
import type { PipelinesConfig } from "./config.ts";

/** All that the pipelines feature may do, beside what is configured for further kinds. */
export const permissions = declare("pipelines", [
  allow(["list", "watch"], "pipelineruns.plimsoll.dev", "to see which runs there are, and which are to be cancelled"),
  allow("get", "pipelineruns.plimsoll.dev", "to read a run that was listed when its turn comes: very many may have been"),
  allow("delete", "pipelineruns.plimsoll.dev", "to delete a run whose time to live is over"),
  allow("patch", "pipelineruns.plimsoll.dev/status", "to say how far a run is"),
  allow("get", "pipelines.plimsoll.dev", "to read the pipeline that a run names"),
  allow(
    "patch",
    "pipelines.plimsoll.dev/status",
    "to have a Pipeline remember what the pods of its steps with resources.auto used, for the next run",
  ),
  allow(["list", "watch"], "pods", "to see that a try has ended or why it waits, and to read its outputs"),
  allow("create", "pods", "to run steps, and to try, as a dry run, what comes late"),
  allow(
    "get",
    "pods",
    "to tell a pod of this run, made before a crash, from another of the same name, and one that is gone from one not yet seen",
  ),
  allow(
    "delete",
    "pods",
    "to end the steps of a run that is cancelled or has taken too long, and to clean up ended pods that are not kept",
  ),
  allow(
    ["list", "watch"],
    "poddisruptionbudgets.policy",
    "to say of a run that a budget never lets its pods be evicted, so that their nodes can't be drained",
  ),
  allow(["create", "get"], "persistentvolumeclaims", "to give a run its workspace"),
]);

/** What the pipelines are given to work with. */
export type PipelinesRuntime = RuntimeOf<typeof permissions, PipelinesConfig>;

export type Client = ReturnType<typeof permissions.client>;
