import { expect, test } from "vitest";
import { digestOf, namesOf, submissionOf } from "../attempt.ts";
import { readSpec, some, someSpec } from "../testing/application.ts";
import type { Application } from "./application.ts";
import { decide, type Known } from "./decide.ts";
import type { DriverState, DriverView, ExecutorView } from "./pods.ts";
import { refused, submitted } from "./status.ts";

const start = Date.parse("2027-01-01T00:00:00Z");
const second = 1_000;

type Status = Application["status"];

function application(change: Record<string, unknown>, status: Status = {}, generation = 1): Application {
  const spec = someSpec(change);
  return {
    ...some,
    generation,
    resourceVersion: "1",
    labels: undefined,
    schedule: undefined,
    scheduledFor: undefined,
    read: { spec: readSpec(spec) },
    isSuspended: change["suspend"] === true,
    digest: digestOf(spec),
    status,
  };
}

const first = { generation: 1, number: 1, digest: digestOf(someSpec()) };
const driver = (state: DriverState, attempt = first): DriverView => ({
  namespace: some.namespace,
  name: namesOf(some, attempt).driver,
  uid: `driver-${attempt.number}`,
  owner: some.uid,
  submission: submissionOf(attempt),
  state,
  isDeleted: false,
});
const executor = (state: ExecutorView["state"], name = "e1"): ExecutorView => ({
  namespace: some.namespace,
  name,
  uid: name,
  applicationId: namesOf(some, first).applicationId,
  state,
  isDeleted: false,
});

const known = (change: Partial<Known> = {}): Known => ({ drivers: [], executors: [], isLost: false, now: start + 10 * second, ...change });
const made = submitted({}, some, first, { now: start, uiPort: 4040 });
const running: Status = { ...made, applicationState: { state: "RUNNING" } };
const failing: Status = { ...made, terminationTime: "2027-01-01T00:00:10Z", applicationState: { state: "FAILING", errorMessage: "why" } };
const failed: DriverState = { is: "failed", why: "exit code 1" };

/** What a decision says, in short. */
function decided(given: Application, of: Partial<Known> = {}): object {
  const { remove, submit, status, wake, isExpired, isLost } = decide(given, known(of));
  const { state, errorMessage } = status?.applicationState ?? {};
  return {
    ...(remove.length > 0 && { remove: remove.map(({ name }) => name) }),
    ...(submit && { submit: `${submit.attempt.generation}-${submit.attempt.number}` }),
    ...(state !== undefined && { state }),
    ...(errorMessage !== undefined && { errorMessage }),
    ...(status?.executorState && { executors: status.executorState }),
    ...(wake !== Infinity && { wake: (wake - start) / second }),
    ...(isExpired && { isExpired }),
    ...(isLost && { isLost }),
  };
}

const onFailure = { restartPolicy: { type: "OnFailure", onFailureRetries: 1, onFailureRetryInterval: 7 } };

test.each<[string, Application, Partial<Known>, object]>([
  ["a new one is run", application({}), {}, { submit: "1-1" }],
  ["one whose driver was made before a crash is run by that", application({}), { drivers: [driver({ is: "running" })] }, { submit: "1-1" }],
  ["a driver that was just made may not be seen yet", application({}, made), { now: start + second }, { wake: 5 }],
  ["one that isn't seen is asked for", application({}, made), {}, { isLost: true }],
  [
    "one that is gone has failed",
    application({}, made),
    { isLost: true },
    { state: "FAILED", errorMessage: "the driver pod pi-driver is gone: somebody has deleted it, or its node went" },
  ],
  [
    "a driver that can't begin says why",
    application({}, made),
    { drivers: [driver({ is: "pending", why: "no image" })] },
    { state: "SUBMITTED", errorMessage: "no image" },
  ],
  ["a driver that runs", application({}, made), { drivers: [driver({ is: "running" })] }, { state: "RUNNING" }],
  ["a driver of which nothing is known", application({}, running), { drivers: [driver({ is: "unknown" })] }, { state: "UNKNOWN" }],
  [
    "executors are told",
    application({}, running),
    { drivers: [driver({ is: "running" })], executors: [executor("PENDING")] },
    { state: "RUNNING", executors: { e1: "PENDING" } },
  ],
  [
    "an executor that is gone while the driver runs",
    application({}, { ...running, executorState: { e1: "RUNNING", e2: "FAILED" } }),
    { drivers: [driver({ is: "running" })] },
    { state: "RUNNING", executors: { e1: "UNKNOWN", e2: "FAILED" } },
  ],
  [
    "with its driver it completes, and so do the executors that have gone",
    application({}, { ...running, executorState: { e1: "RUNNING" } }),
    { drivers: [driver({ is: "succeeded" })] },
    { state: "COMPLETED", executors: { e1: "COMPLETED" } },
  ],
  [
    "executors that outlive the driver are taken away first",
    application({}, running),
    { drivers: [driver({ is: "succeeded" })], executors: [executor("RUNNING")] },
    { state: "SUCCEEDING", remove: ["e1"], executors: { e1: "RUNNING" } },
  ],
  ["with its driver it fails", application({}, running), { drivers: [driver(failed)] }, { state: "FAILED", errorMessage: "exit code 1" }],
  [
    "a failed one waits for its turn to be run again",
    application(onFailure, running),
    { drivers: [driver(failed)] },
    { state: "FAILING", errorMessage: "exit code 1", wake: 17 },
  ],
  ["and then is", application(onFailure, failing), { drivers: [driver(failed)], now: start + 17 * second }, { submit: "1-2" }],
  [
    "no more often than its policy says",
    application(onFailure, { ...failing, executionAttempts: 2 }),
    { drivers: [driver(failed)], now: start + 99 * second },
    { state: "FAILED", errorMessage: "why" },
  ],
  [
    "one that is always run again is",
    application({ restartPolicy: { type: "Always" } }, running),
    { drivers: [driver({ is: "succeeded" })] },
    { submit: "1-2" },
  ],
  [
    "where the driver could not be made, that is all by default",
    application({}, refused({}, first, start, "no quota")),
    {},
    { state: "FAILED", errorMessage: "no quota" },
  ],
  [
    "or tried again in time",
    application({ restartPolicy: { type: "OnFailure", onSubmissionFailureRetries: 1 } }, refused({}, first, start, "no quota")),
    { now: start + second },
    { wake: 5 },
  ],
  [
    "as the same attempt",
    application({ restartPolicy: { type: "OnFailure", onSubmissionFailureRetries: 1 } }, refused({}, first, start, "no quota")),
    {},
    { submit: "1-1" },
  ],
  [
    "another spec takes the old pods away",
    application({ arguments: ["x"] }, running, 2),
    { drivers: [driver({ is: "running" })] },
    { state: "INVALIDATING", remove: ["pi-driver"] },
  ],
  [
    "and is run when they are gone",
    application({ arguments: ["x"] }, { applicationState: { state: "INVALIDATING" } }, 2),
    {},
    { submit: "2-1" },
  ],
  [
    "also once it was over",
    application({ arguments: ["x"] }, { ...made, applicationState: { state: "FAILED" } }, 2),
    {},
    { submit: "2-1" },
  ],
  ["another policy is no other spec", application(onFailure, { ...made, applicationState: { state: "FAILED" } }, 2), {}, {}],
  [
    "a suspended one has no pods",
    application({ suspend: true }, running),
    { drivers: [driver({ is: "running" })] },
    { state: "SUSPENDING", remove: ["pi-driver"] },
  ],
  ["and then is suspended", application({ suspend: true }, { applicationState: { state: "SUSPENDING" } }), {}, { state: "SUSPENDED" }],
  ["and stays so", application({ suspend: true }, { applicationState: { state: "SUSPENDED" } }), {}, {}],
  ["until it is resumed", application({}, { applicationState: { state: "SUSPENDED" } }, 3), {}, { submit: "3-1" }],
  [
    "one that is over waits to be deleted",
    application({ timeToLiveSeconds: 60 }, { ...failing, applicationState: { state: "FAILED" } }),
    {},
    { wake: 70 },
  ],
  [
    "and is",
    application({ timeToLiveSeconds: 60 }, { ...failing, applicationState: { state: "FAILED" } }),
    { now: start + 70 * second },
    { isExpired: true },
  ],
  ["the operator's is left alone", application({}, { submissionID: "0c0ffee0-0000", applicationState: { state: "RUNNING" } }), {}, {}],
])("%s", (_, given, of, expected) => {
  expect(decided(given, of)).toEqual(expected);
});

test("what can't be carried out fails with the field's name, and is looked at again when its spec changes", () => {
  const problems = [{ path: ["spec", "image"], message: "is missing" }];
  const given = { ...application({}), read: { problems } };
  const { status = {} } = decide(given, known());
  expect(status.applicationState).toEqual({ state: "FAILED", errorMessage: "spec.image: is missing" });
  expect(decided({ ...given, status })).toEqual({});
  expect(decided(application({ image: "y" }, status, 2))).toEqual({ submit: "2-1" });
});
