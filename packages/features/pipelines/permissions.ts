import { allow, declare } from "../kinds.ts";

/** All that the pipelines feature may do. */
export const permissions = declare("pipelines", [
  allow(["list", "watch"], "pipelineruns.plimsoll.dev", "to see which runs there are, and which are to be cancelled"),
  allow("patch", "pipelineruns.plimsoll.dev/status", "to say how far a run is"),
  allow("get", "pipelines.plimsoll.dev", "to read the pipeline that a run names"),
  allow(["list", "watch", "create"], "jobs.batch", "to run steps, and to learn when the Job controller has given one up"),
  allow("get", "jobs.batch", "to tell a Job of this run, made before a crash, from another of the same name"),
  allow("delete", "jobs.batch", "to end the steps of a run that is cancelled or has taken too long"),
  allow(["list", "watch"], "pods", "to see at once that a step has ended or why it waits, and to read its outputs"),
  allow(["create", "get"], "configmaps", "to give each item of a fan-out its script"),
  allow(["create", "get"], "persistentvolumeclaims", "to give a run its workspace"),
]);

export type Client = ReturnType<typeof permissions.client>;
