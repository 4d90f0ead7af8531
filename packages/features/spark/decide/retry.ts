import type { SparkApplicationSpec } from "@plimsoll/api";

type Policy = SparkApplicationSpec["restartPolicy"];

/** Seconds. */
const defaultInterval = 5;

/** When a failed run is followed by another, in milliseconds since 1970; undefined: never. */
export function rerunAt(policy: Policy, { attempts, endedAt }: { attempts: number; endedAt: number }): number | undefined {
  const { type = "Never", onFailureRetries = 0, onFailureRetryInterval = defaultInterval } = policy ?? {};
  const isDue = type === "Always" || (type === "OnFailure" && attempts <= onFailureRetries);
  return isDue ? endedAt + onFailureRetryInterval * 1000 * attempts : undefined;
}

/** When a driver that could not be made is tried again; undefined: never. */
export function resubmitAt(policy: Policy, { attempts, triedAt }: { attempts: number; triedAt: number }): number | undefined {
  const { type = "Never", onSubmissionFailureRetries = 0, onSubmissionFailureRetryInterval = defaultInterval } = policy ?? {};
  const isDue = type !== "Never" && attempts <= onSubmissionFailureRetries;
  return isDue ? triedAt + onSubmissionFailureRetryInterval * 1000 * attempts : undefined;
}
