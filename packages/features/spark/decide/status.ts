import { firstOfProblems, type ApplicationState, type Problem, type SparkApplicationStatus } from "@plimsoll/api";
import { namesOf, submissionOf, type ApplicationRef, type Attempt } from "../attempt.ts";

/** RFC 3339 in whole seconds. */
export function timeText(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+Z$/, "Z");
}

/** A status with another state. */
export function withState(status: SparkApplicationStatus, state: ApplicationState, errorMessage?: string): SparkApplicationStatus {
  return { ...status, applicationState: { state, ...(errorMessage === undefined ? {} : { errorMessage }) } };
}

/** The status once a run's driver was made. */
export function submitted(
  before: SparkApplicationStatus,
  application: ApplicationRef,
  attempt: Attempt,
  { now, uiPort }: { now: number; uiPort: number | undefined },
): SparkApplicationStatus {
  const names = namesOf(application, attempt);
  return {
    ...tried(before, attempt, now),
    sparkApplicationId: names.applicationId,
    executionAttempts: attempt.number,
    driverInfo: {
      podName: names.driver,
      webUIServiceName: names.service,
      ...(uiPort === undefined ? {} : { webUIPort: uiPort, webUIAddress: `${names.service}.${application.namespace}.svc:${uiPort}` }),
    },
    applicationState: { state: "SUBMITTED" },
  };
}

/** The status when a run's driver could not be made. */
export function refused(before: SparkApplicationStatus, attempt: Attempt, now: number, why: string): SparkApplicationStatus {
  return withState({ driverInfo: {}, ...tried(before, attempt, now) }, "SUBMISSION_FAILED", why);
}

/** The status of what can't be carried out as it is written. */
export function invalid(generation: number, digest: string, now: number, problems: readonly Problem[]): SparkApplicationStatus {
  const time = timeText(now);
  const attempt = { generation, number: 0, digest };
  return {
    submissionID: submissionOf(attempt),
    lastSubmissionAttemptTime: time,
    terminationTime: time,
    submissionAttempts: 1,
    driverInfo: {},
    applicationState: { state: "FAILED", errorMessage: firstOfProblems(problems) },
  };
}

/** Of another attempt, nothing is left but how often there was one. */
function tried(before: SparkApplicationStatus, attempt: Attempt, now: number): SparkApplicationStatus {
  const submission = submissionOf(attempt);
  return {
    submissionID: submission,
    submissionAttempts: (before.submissionID === submission ? (before.submissionAttempts ?? 0) : 0) + 1,
    lastSubmissionAttemptTime: timeText(now),
    ...(before.executionAttempts === undefined || attempt.number === 1 ? {} : { executionAttempts: before.executionAttempts }),
  };
}
