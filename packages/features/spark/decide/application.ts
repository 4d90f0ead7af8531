import type { Problem, SparkApplicationSpec, SparkApplicationStatus } from "@plimsoll/api";
import type { ApplicationRef } from "../attempt.ts";

/** An application, as far as it is decided by. */
export interface Application extends ApplicationRef {
  generation: number;
  resourceVersion: string;
  labels: Readonly<Record<string, string>> | undefined;
  /** The ScheduledSparkApplication that has made it. */
  schedule: { name: string; uid: string } | undefined;
  /** The time that it is for, where a schedule has made it; milliseconds since 1970. */
  scheduledFor: number | undefined;
  /** What is carried out, or what keeps it from being carried out. */
  read: { spec: SparkApplicationSpec } | { problems: readonly Problem[] };
  /** Whether its pods are to be taken away. */
  isSuspended: boolean;
  digest: string;
  status: SparkApplicationStatus;
}
