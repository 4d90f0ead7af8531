import type { SparkApplicationStatus } from "@plimsoll/api";
import { isConflict, isNotFound, statusChange, type Latest } from "@plimsoll/kube";
import type { Application } from "../decide/application.ts";
import { decide, type Known } from "../decide/decide.ts";
import type { Decision } from "../decide/decision.ts";
import { refused, submitted } from "../decide/status.ts";
import type { SparkMetrics } from "../metrics.ts";
import type { SparkRuntime } from "../permissions.ts";
import { referenceOf, toldOfState } from "../told.ts";
import { applicationOf } from "./project.ts";
import type { Specs } from "./specs.ts";
import type { Submitter } from "./submit.ts";

interface Options extends Pick<SparkRuntime, "client" | "clock" | "events"> {
  seen: (key: string) => Application | undefined;
  pods: (application: Application) => Pick<Known, "drivers" | "executors">;
  /** Has an application reconciled later. */
  again: (key: string, milliseconds: number) => void;
  latest: Latest<Application>;
  submitter: Submitter;
  metrics: SparkMetrics;
  specs: Specs;
}

/** From one write that only says more of executors to the next; milliseconds. */
const pace = 1_000;

/** Reconciles applications: does what is decided, and writes how they stand. */
export class Applications {
  readonly #options: Options;
  /** When a status was last written, by UID. */
  readonly #written = new Map<string, number>();

  constructor(options: Options) {
    this.#options = options;
  }

  forget(uid: string): void {
    this.#options.latest.forget(uid);
    this.#options.specs.forget(uid);
    this.#written.delete(uid);
  }

  async reconcile(key: string): Promise<void> {
    const { seen, latest, again } = this.#options;
    const application = seen(key);
    if (application === undefined) return;
    try {
      await this.#advance(key, latest.of(application));
    } catch (error) {
      // It is gone, or has changed: the watch will tell.
      if (isNotFound(error) && seen(key)?.uid !== application.uid) return;
      if (!isConflict(error)) throw error;
      latest.forget(application.uid);
      again(key, 50);
    }
  }

  async #advance(key: string, application: Application): Promise<void> {
    const { latest, again, clock } = this.#options;
    const decision = await this.#decide(application);
    const isWrite = decision.remove.length > 0 || decision.submit !== undefined || decision.isExpired === true;
    if (isWrite && !latest.isSure(application)) {
      const read = await this.#read(application);
      if (read === undefined) return;
      latest.set(read);
      return this.#advance(key, read);
    }
    await this.#carryOut(key, application, decision);
    if (decision.wake !== Infinity) again(key, Math.max(1, decision.wake - clock.now()));
  }

  async #decide(application: Application): Promise<Decision> {
    const { pods, clock } = this.#options;
    const known = { ...pods(application), now: clock.now() };
    const decision = decide(application, { ...known, isLost: false });
    if (!decision.isLost || (await this.#isThere(application))) return decision;
    return decide(application, { ...known, isLost: true });
  }

  async #isThere({ namespace, status }: Application): Promise<boolean> {
    const name = status.driverInfo?.podName;
    if (name === undefined) return false;
    try {
      const { metadata } = await this.#options.client("pods").get({ namespace, name });
      return metadata.labels?.["sparkoperator.k8s.io/submission-id"] === status.submissionID;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  async #read({ namespace, name, uid }: Application): Promise<Application | undefined> {
    const { client, specs } = this.#options;
    const read = await client("sparkapplications.sparkoperator.k8s.io").get({ namespace, name });
    return read.metadata.uid === uid ? applicationOf(read, specs) : undefined;
  }

  async #carryOut(key: string, application: Application, { remove, submit, status, isExpired }: Decision): Promise<void> {
    const { client, clock, submitter, metrics } = this.#options;
    for (const { namespace, name, uid } of remove)
      await this.#delete(client("pods").delete({ namespace, name }, { preconditions: { uid } }));
    if (submit !== undefined) {
      const made = await submitter.submit(application, submit.spec, submit.attempt);
      const now = clock.now();
      metrics.submitted("why" in made ? "refused" : "made");
      const next =
        "why" in made
          ? refused(application.status, submit.attempt, now, made.why)
          : submitted(application.status, application, submit.attempt, { now, uiPort: made.uiPort });
      return this.#write(application, next);
    }
    if (isExpired) {
      const { namespace, name, uid } = application;
      return this.#delete(
        client("sparkapplications.sparkoperator.k8s.io").delete(
          { namespace, name },
          { preconditions: { uid }, propagationPolicy: "Background" },
        ),
      );
    }
    if (status === undefined) return;
    const wait = this.#isDetail(application.status, status) ? (this.#written.get(application.uid) ?? 0) + pace - clock.now() : 0;
    if (wait > 0) this.#options.again(key, wait);
    else await this.#write(application, status);
  }

  /** Whether only executors are told of otherwise. */
  #isDetail(before: SparkApplicationStatus, after: SparkApplicationStatus): boolean {
    const change = statusChange(before, after);
    return change !== undefined && Object.keys(change).every((name) => name === "executorState");
  }

  async #delete(deleting: Promise<void>): Promise<void> {
    try {
      await deleting;
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  async #write(application: Application, status: SparkApplicationStatus): Promise<void> {
    const { client, clock, latest, specs, events, metrics } = this.#options;
    const { namespace, name, resourceVersion, status: before } = application;
    const change = statusChange(before, status);
    if (change === undefined) return;
    const written = await client("sparkapplications.sparkoperator.k8s.io/status").patch(
      { namespace, name },
      { metadata: { resourceVersion }, status: change },
    );
    const now = clock.now();
    this.#written.set(application.uid, now);
    const after = applicationOf(written, specs);
    if (after !== undefined) latest.set(after);
    const [was, { state = "", errorMessage } = {}] = [before.applicationState?.state, status.applicationState];
    if (state === was) return;
    const announcement = toldOfState(state, errorMessage, status.executionAttempts ?? 0);
    if (announcement !== undefined) events.record({ regarding: referenceOf("SparkApplication", application), ...announcement });
    if (before.terminationTime === undefined && status.terminationTime !== undefined && status.submissionID === before.submissionID)
      metrics.ended(
        state === "COMPLETED" || state === "SUCCEEDING" ? "succeeded" : "failed",
        (now - Date.parse(status.lastSubmissionAttemptTime ?? "")) / 1000,
      );
  }
}
