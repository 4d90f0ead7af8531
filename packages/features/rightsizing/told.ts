import { apiVersion, type RightSizingPolicy } from "@plimsoll/api";
import type { Occurrence } from "@plimsoll/kube";

/** What is told of a policy. */
export type Told = Pick<Occurrence, "type" | "reason" | "action" | "note">;

/** What tells of policies. */
export type Tell = (policy: Pick<RightSizingPolicy, "metadata">, told: Told) => void;

export function telling(record: (occurrence: Occurrence) => void): Tell {
  return ({ metadata: { namespace, name = "", uid = "" } }, told) =>
    record({ regarding: { apiVersion, kind: "RightSizingPolicy", namespace, name, uid }, ...told });
}

export function toldInvalid(message: string): Told {
  return { type: "Warning", reason: "Invalid", action: "Check", note: message };
}

export function toldMetrics(isAvailable: boolean, message: string): Told {
  return isAvailable
    ? { type: "Normal", reason: "MetricsAvailable", action: "Sample", note: message }
    : { type: "Warning", reason: "MetricsNotAvailable", action: "Sample", note: message };
}

/** The first recommendation for each of these. */
export function toldRecommended(titles: readonly string[]): Told {
  return { type: "Normal", reason: "Recommended", action: "Recommend", note: `first recommendation for ${listed(titles)}` };
}

export function toldKilled(titles: readonly string[]): Told {
  return { type: "Warning", reason: "OOMKilled", action: "Recommend", note: `killed for want of memory: ${listed(titles)}` };
}

function listed(titles: readonly string[]): string {
  return titles.length > 5 ? `${titles.slice(0, 5).join(", ")} and ${titles.length - 5} more` : titles.join(", ");
}
