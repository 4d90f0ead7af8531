import type { ExecutorState } from "@plimsoll/api";

/** A driver's pod, as far as an application is decided by it. */
export interface DriverView {
  namespace: string;
  name: string;
  uid: string;
  /** The application's UID. */
  owner: string;
  /** status.submissionID of its attempt. */
  submission: string;
  state: DriverState;
  isDeleted: boolean;
}

/** What a driver has come to; `why` it isn't as it should be, if it is known. */
export type DriverState =
  | { is: "pending"; why?: string }
  | { is: "running" }
  | { is: "succeeded" }
  | { is: "failed"; why: string }
  | { is: "unknown"; why?: string };

/** An executor's pod. */
export interface ExecutorView {
  namespace: string;
  name: string;
  uid: string;
  /** spark.app.id. */
  applicationId: string;
  state: ExecutorState;
  isDeleted: boolean;
}

/** Whether an executor has ended. */
export function hasEnded(state: string): boolean {
  return state === "COMPLETED" || state === "FAILED";
}
