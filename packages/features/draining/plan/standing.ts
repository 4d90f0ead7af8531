import { isFinished, type PodView } from "@plimsoll/model";
import type { Verdict } from "./plan.ts";
import type { DrainPolicy } from "./request.ts";

/** Why a pod of a node that is drained needn't go; undefined: it must. */
export function skipped(pod: PodView): (Verdict & { kind: "skipped" }) | undefined {
  if (pod.shape.isMirror) return { kind: "skipped", why: "mirror" };
  if (isFinished(pod)) return { kind: "skipped", why: "finished" };
  if (pod.owner?.kind === "DaemonSet") return { kind: "skipped", why: "daemonSet" };
  return undefined;
}

/** Why a pod may not be evicted without the Drain's leave; undefined: it may. */
export function refused({ owner, shape }: PodView, policy: DrainPolicy): (Verdict & { kind: "refused" }) | undefined {
  if (owner === undefined && !policy.evictsUnmanaged) return { kind: "refused", why: "unmanaged" };
  if (shape.emptyDirs.length > 0 && !policy.deletesLocalData) return { kind: "refused", why: "localData", volumes: shape.emptyDirs };
  return undefined;
}
