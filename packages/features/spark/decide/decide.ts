import type { ApplicationState, SparkApplicationStatus } from "@plimsoll/api";
import { attemptOf, namesOf, submissionOf, type Attempt } from "../attempt.ts";
import type { Application } from "./application.ts";
import { nothing, type Decision } from "./decision.ts";
import { executorStates } from "./executors.ts";
import { hasEnded, type DriverView, type ExecutorView } from "./pods.ts";
import { resubmitAt, rerunAt } from "./retry.ts";
import { invalid, timeText, withState } from "./status.ts";

/** What is known of an application's pods. */
export interface Known {
  drivers: readonly DriverView[];
  /** Of all its attempts. */
  executors: readonly ExecutorView[];
  /** Whether it was asked for, and isn't there, that the last attempt's driver is gone. */
  isLost: boolean;
  now: number;
}

/** What is to be done for one application: a function of what is known alone. What somebody else has submitted is left alone. */
export function decide(application: Application, known: Known): Decision {
  const { status, digest, isSuspended } = application;
  const state = (status.applicationState?.state ?? "") as ApplicationState;
  const attempt = attemptOf(status.submissionID);
  if (attempt === undefined && status.submissionID !== undefined) return nothing;
  if (attempt === undefined && state !== "" && !starting.has(state)) return nothing;
  if (isSuspended && !ended.has(state)) return suspended(application, known, state);
  if (state === "SUSPENDED" || state === "SUSPENDING") return begun(application, known, "RESUMING");
  if (attempt === undefined) return begun(application, known, state);
  if (attempt.digest !== digest) return begun(application, known, "INVALIDATING");
  switch (state) {
    case "COMPLETED":
    case "FAILED":
      return expiring(application, known);
    case "SUBMISSION_FAILED":
      return resubmitted(application, known, attempt);
    case "SUCCEEDING":
    case "FAILING":
      return ending(application, known, attempt, status);
    default:
      return followed(application, known, attempt);
  }
}

/** How long a driver that was just made may not be seen yet; milliseconds. */
const patience = 5_000;

/** Before there is an attempt. */
const starting = new Set<ApplicationState>(["SUSPENDING", "SUSPENDED", "RESUMING", "INVALIDATING", "PENDING_RERUN"]);

const ended = new Set<ApplicationState>(["COMPLETED", "FAILED"]);

/** All pods are taken away; when they are gone, it is suspended. */
function suspended({ status }: Application, known: Known, state: ApplicationState): Decision {
  const { remove, isClear } = clearing(known);
  const next = isClear ? "SUSPENDED" : "SUSPENDING";
  return { remove, wake: Infinity, ...(state === next ? {} : { status: withState({ driverInfo: {}, ...withoutAttempt(status) }, next) }) };
}

/** A first run, once the pods of those before are gone; until then, it is in a state that says why. */
function begun(application: Application, known: Known, meanwhile: ApplicationState): Decision {
  const { status, generation, digest, read } = application;
  const attempt = { generation, number: 1, digest };
  // What was made for it, before a crash kept that from being written, is none of those.
  const { remove, isClear } = clearing({
    drivers: known.drivers.filter(({ submission }) => submission !== submissionOf(attempt)),
    executors: known.executors.filter(({ applicationId }) => applicationId !== namesOf(application, attempt).applicationId),
  });
  if (!isClear) {
    const isSaid = status.applicationState?.state === meanwhile;
    return { remove, wake: Infinity, ...(isSaid ? {} : { status: withState(withoutAttempt(status), meanwhile) }) };
  }
  if ("problems" in read) return { remove: [], wake: Infinity, status: invalid(generation, digest, known.now, read.problems) };
  return { remove: [], submit: { spec: read.spec, attempt }, wake: Infinity };
}

function resubmitted(application: Application, known: Known, attempt: Attempt): Decision {
  const { status, read } = application;
  if ("problems" in read) return nothing;
  const { restartPolicy } = read.spec;
  const triedAt = Date.parse(status.lastSubmissionAttemptTime ?? "") || known.now;
  const at = resubmitAt(restartPolicy, { attempts: status.submissionAttempts ?? 1, triedAt });
  if (at === undefined)
    return {
      remove: [],
      wake: Infinity,
      status: { ...withState(status, "FAILED", status.applicationState?.errorMessage), terminationTime: timeText(known.now) },
    };
  if (at > known.now) return { remove: [], wake: at };
  return { remove: [], submit: { spec: read.spec, attempt }, wake: Infinity };
}

/** A run that goes on: what its driver says. */
function followed(application: Application, known: Known, attempt: Attempt): Decision {
  const { status } = application;
  const driver = driverOf(known, attempt);
  if (driver === undefined && !known.isLost) {
    const asked = (Date.parse(status.lastSubmissionAttemptTime ?? "") || 0) + patience;
    return asked > known.now ? { remove: [], wake: asked } : { remove: [], wake: Infinity, isLost: true };
  }
  const is = driver?.state.is ?? "gone";
  const executorState = executorStates(status.executorState ?? {}, executorsOf(application, known), is);
  const next: SparkApplicationStatus = { ...status, ...(Object.keys(executorState).length > 0 ? { executorState } : {}) };
  switch (driver?.state.is) {
    case "pending":
      return { remove: [], wake: Infinity, status: withState(next, "SUBMITTED", driver.state.why) };
    case "running":
      return { remove: [], wake: Infinity, status: withState(next, "RUNNING") };
    case "unknown":
      return { remove: [], wake: Infinity, status: withState(next, "UNKNOWN", driver.state.why) };
    case "succeeded":
      return ending(application, known, attempt, withState({ ...next, terminationTime: timeText(known.now) }, "SUCCEEDING"));
    default: {
      const why =
        driver?.state.is === "failed"
          ? driver.state.why
          : `the driver pod ${status.driverInfo?.podName ?? ""} is gone: somebody has deleted it, or its node went`;
      return ending(application, known, attempt, withState({ ...next, terminationTime: timeText(known.now) }, "FAILING", why));
    }
  }
}

/** A run whose driver has ended: its executors go, and then it is over, or run again. */
function ending(application: Application, known: Known, attempt: Attempt, given: SparkApplicationStatus): Decision {
  const { read, generation, digest } = application;
  const driver = driverOf(known, attempt);
  const hasSucceeded = given.applicationState?.state === "SUCCEEDING";
  const executors = executorsOf(application, known);
  const executorState = executorStates(given.executorState ?? {}, executors, driver?.state.is ?? (hasSucceeded ? "succeeded" : "gone"));
  const status: SparkApplicationStatus = { ...given, ...(Object.keys(executorState).length > 0 ? { executorState } : {}) };
  const left = executors.filter(({ state }) => !hasEnded(state));
  if (left.length > 0) return { remove: left.filter(({ isDeleted }) => !isDeleted), wake: Infinity, status };
  const policy = "spec" in read ? read.spec.restartPolicy : undefined;
  const endedAt = Date.parse(status.terminationTime ?? "") || known.now;
  const attempts = status.executionAttempts ?? attempt.number;
  const again = hasSucceeded ? (policy?.type === "Always" ? known.now : undefined) : rerunAt(policy, { attempts, endedAt });
  if (again === undefined || !("spec" in read))
    return {
      remove: [],
      wake: Infinity,
      status: withState(status, hasSucceeded ? "COMPLETED" : "FAILED", status.applicationState?.errorMessage),
    };
  if (again > known.now) return { remove: [], wake: again, status };
  const next = { generation, number: attempts + 1, digest };
  // The last one's log stays to be read; those before it go.
  const kept = new Set([attempt, next].map(submissionOf));
  return {
    remove: known.drivers.filter(({ submission, isDeleted }) => !kept.has(submission) && !isDeleted),
    submit: { spec: read.spec, attempt: next },
    wake: Infinity,
  };
}

/** One that is over goes when its time has come. */
function expiring({ status, read }: Application, { now }: Known): Decision {
  const seconds = "spec" in read ? read.spec.timeToLiveSeconds : undefined;
  if (seconds === undefined) return nothing;
  const at = (Date.parse(status.terminationTime ?? "") || now) + seconds * 1000;
  return at > now ? { remove: [], wake: at } : { remove: [], wake: Infinity, isExpired: true };
}

/** The pods that are to go before there is a first run. What has ended goes with its driver. */
function clearing({ drivers, executors }: Pick<Known, "drivers" | "executors">): { remove: DriverView[]; isClear: boolean } {
  const left = executors.some(({ state }) => !hasEnded(state));
  return { remove: drivers.filter(({ isDeleted }) => !isDeleted), isClear: drivers.length === 0 && !left };
}

function driverOf({ drivers }: Known, attempt: Attempt): DriverView | undefined {
  const submission = submissionOf(attempt);
  return drivers.find((driver) => driver.submission === submission);
}

function executorsOf({ status }: Application, { executors }: Known): ExecutorView[] {
  return executors.filter(({ applicationId }) => applicationId === status.sparkApplicationId);
}

function withoutAttempt({ applicationState, driverInfo }: SparkApplicationStatus): SparkApplicationStatus {
  return { ...(driverInfo && { driverInfo: {} }), ...(applicationState && { applicationState }) };
}
