import type { Ref } from "./ref.ts";

/** Kinds that come before those that make pods, as pods may read them or be found by them. */
const first = new Set(["ConfigMap", "Service"]);

/** Kubernetes' kinds that make pods, or are one. */
const last = new Set(["Deployment", "StatefulSet", "DaemonSet", "Pod", "Job", "CronJob"]);

/** In which round an object is applied, by its kind: what others may need before these. */
export function rankOf({ kind }: Pick<Ref, "kind">): number {
  return first.has(kind) ? 0 : last.has(kind) ? 2 : 1;
}
