import { sparkGroup, sparkVersion } from "@plimsoll/api";
import type { ObjectReference, Occurrence } from "@plimsoll/kube";
import type { ApplicationRef } from "./attempt.ts";

type Announcement = Pick<Occurrence, "type" | "reason" | "action" | "note">;

/** What users are told when an application comes to a state; undefined: nothing. The reasons are the Spark operator's. */
export function toldOfState(state: string, why: string | undefined, attempts: number): Announcement | undefined {
  switch (state) {
    case "COMPLETED":
      return { type: "Normal", reason: "SparkApplicationCompleted", action: "Run", note: `completed, at attempt ${attempts}` };
    case "FAILED":
      return { type: "Warning", reason: "SparkApplicationFailed", action: "Run", note: why ?? "failed" };
    case "FAILING":
      return {
        type: "Warning",
        reason: "SparkApplicationPendingRerun",
        action: "Retry",
        note: `attempt ${attempts} has failed, and is followed by another: ${why ?? ""}`,
      };
    case "SUBMISSION_FAILED":
      return { type: "Warning", reason: "SparkApplicationSubmissionFailed", action: "Submit", note: why ?? "the driver could not be made" };
    default:
      return undefined;
  }
}

/** An application, or a schedule, as events name it. */
export function referenceOf(
  kind: "SparkApplication" | "ScheduledSparkApplication",
  { namespace, name, uid }: ApplicationRef,
): ObjectReference {
  return { apiVersion: `${sparkGroup}/${sparkVersion}`, kind, namespace, name, uid };
}
