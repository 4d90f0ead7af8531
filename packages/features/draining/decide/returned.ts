import type { PodView } from "@plimsoll/model";

/** How long after a node was cordoned the scheduler may still bind a pod to it, as it hasn't seen that yet; milliseconds. */
const late = 30_000;

/**
 * Whether a pod was made and put on its node after that had been cordoned, and so would come again if it were evicted: it tolerates the
 * cordon, or whoever made it named the node.
 */
export function hasReturned({ createdAt, shape, owner }: PodView, cordonedAt: number): boolean {
  if (owner === undefined || createdAt <= cordonedAt) return false;
  const tolerates = shape.tolerations.some(
    ({ key = "", operator = "Equal", value = "", effect = "" }) =>
      (key === "" ? operator === "Exists" : key === "node.kubernetes.io/unschedulable" && (operator === "Exists" || value === "")) &&
      (effect === "" || effect === "NoSchedule"),
  );
  return tolerates || createdAt > cordonedAt + late;
}
