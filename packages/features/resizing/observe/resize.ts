import type { Pod } from "kubernetes-types/core/v1.d.ts";

/** How the kubelet is about a pod's last resize, where that isn't done. */
export interface PendingResize {
  state: "InProgress" | "Deferred" | "Infeasible" | "Error";
  message: string;
}

/** Undefined: it is done, or there was none. */
export function resizeOf({ status = {} }: Pod): PendingResize | undefined {
  const of = (type: string) => status.conditions?.find((condition) => condition.type === type && condition.status === "True");
  const condition = of("PodResizePending") ?? of("PodResizeInProgress");
  if (condition === undefined) return undefined;
  const { type, reason, message = "" } = condition;
  const state =
    type === "PodResizePending" ? (reason === "Infeasible" ? "Infeasible" : "Deferred") : reason === "Error" ? "Error" : "InProgress";
  return { state, message };
}
