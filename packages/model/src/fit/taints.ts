import type { Taint, Toleration } from "kubernetes-types/core/v1.d.ts";

/** What the API server sees a cordoned node as having, whether or not its taint has come yet. */
export const cordon: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

/** Whether a pod with these tolerations may be placed in spite of all taints. */
export function toleratesAll(tolerations: readonly Toleration[], taints: readonly Taint[]): boolean {
  return taints.every((taint) => taint.effect === "PreferNoSchedule" || tolerates(tolerations, taint));
}

/** Whether one of the tolerations is for the taint. An empty key, effect or value of a toleration stands for all, as an absent one. */
export function tolerates(tolerations: readonly Toleration[], taint: Taint): boolean {
  return tolerations.some(
    ({ key = "", operator = "", value = "", effect = "" }) =>
      (effect === "" || effect === taint.effect) &&
      (key === "" || key === taint.key) &&
      (operator === "Exists" || ((operator === "" || operator === "Equal") && value === (taint.value ?? ""))),
  );
}
