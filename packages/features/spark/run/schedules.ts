import { firstOfProblems, sparkGroup, sparkVersion, type ScheduledSparkApplicationStatus } from "@plimsoll/api";
import { isAlreadyExists, isConflict, isNotFound, statusChange, type Latest } from "@plimsoll/kube";
import type { Rules } from "../check.ts";
import type { Application } from "../decide/application.ts";
import { timeText } from "../decide/status.ts";
import { timeAnnotation } from "../labels.ts";
import type { SparkRuntime } from "../permissions.ts";
import { dealtWith } from "../schedule/record.ts";
import type { Run, Scheduling } from "../schedule/scheduling.ts";
import { referenceOf } from "../told.ts";
import { scheduledOf, type Scheduled } from "./scheduled.ts";

interface Options extends Pick<SparkRuntime, "client" | "clock" | "events"> {
  seen: (key: string) => Scheduled | undefined;
  /** The applications that a schedule has made. */
  runs: (of: Scheduled) => readonly Application[];
  /** Has a schedule reconciled at a time. */
  again: (key: string, at: number) => void;
  latest: Latest<Scheduled>;
  scheduling: Scheduling;
  rules: Rules;
}

/** Reconciles ScheduledSparkApplications: each time has an application of its own name, so that none is run twice. */
export class Schedules {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  forget(uid: string): void {
    this.#options.latest.forget(uid);
  }

  async reconcile(key: string): Promise<void> {
    const { seen, latest, again, clock } = this.#options;
    const schedule = seen(key);
    if (schedule === undefined) return;
    try {
      await this.#advance(key, latest.of(schedule));
    } catch (error) {
      if (isNotFound(error) && seen(key)?.uid !== schedule.uid) return;
      if (!isConflict(error)) throw error;
      latest.forget(schedule.uid);
      again(key, clock.now() + 50);
    }
  }

  async #advance(key: string, schedule: Scheduled): Promise<void> {
    const { scheduling, clock, latest, again, runs } = this.#options;
    const { read, status, createdAt } = schedule;
    if ("problems" in read) {
      const reason = firstOfProblems(read.problems);
      if (status.reason !== reason) this.#tell(schedule, "Warning", "Invalid", "Check", reason);
      return this.#write(schedule, { ...status, nextRun: undefined, scheduleState: "FailedValidation", reason });
    }
    const { spec, timing } = read;
    const made = runs(schedule).map(runOf);
    const now = clock.now();
    const step = scheduling.decide({
      timing,
      isSuspended: spec.suspend ?? false,
      concurrency: spec.concurrencyPolicy ?? "Allow",
      history: { succeeded: spec.successfulRunHistoryLimit ?? 1, failed: spec.failedRunHistoryLimit ?? 1 },
      lastTime: dealtWith(status, timing, { createdAt, now }),
      runs: made,
      now,
    });
    if (step.start.length + step.end.length + step.remove.length > 0 && !latest.isSure(schedule)) {
      const read = await this.#read(schedule);
      if (read === undefined) return;
      latest.set(read);
      return this.#advance(key, read);
    }
    for (const run of step.end) await this.#delete(run);
    for (const time of step.start) await this.#start(schedule, time);
    const newest = step.start.at(-1);
    const pick = (phase: Run["phase"]) =>
      made.flatMap((run) => (run.phase === phase && !step.remove.includes(run) ? [run.name] : [])).sort();
    const next = timing.next(step.lastTime);
    await this.#write(schedule, {
      ...status,
      lastRun: newest === undefined ? status.lastRun : timeText(newest),
      nextRun: spec.suspend === true || next === undefined ? undefined : timeText(next),
      lastRunName: newest === undefined ? status.lastRunName : scheduling.runName(schedule.name, newest),
      pastSuccessfulRunNames: pick("succeeded"),
      pastFailedRunNames: pick("failed"),
      scheduleState: "Scheduled",
      reason: undefined,
    });
    for (const run of step.remove) await this.#delete(run);
    if (step.wake !== Infinity) again(key, step.wake);
  }

  async #start({ namespace, name, uid, read }: Scheduled, time: number): Promise<void> {
    if ("problems" in read) return;
    const { client, scheduling } = this.#options;
    const run = scheduling.runName(name, time);
    const apiVersion = `${sparkGroup}/${sparkVersion}`;
    try {
      await client("sparkapplications.sparkoperator.k8s.io").create({
        metadata: {
          namespace,
          name: run,
          labels: { "sparkoperator.k8s.io/scheduled-app-name": name },
          annotations: { [timeAnnotation]: timeText(time) },
          ownerReferences: [{ apiVersion, kind: "ScheduledSparkApplication", name, uid, controller: true, blockOwnerDeletion: false }],
        },
        spec: read.spec.template,
      });
      this.#tell({ namespace, name, uid }, "Normal", "Started", "Start", `started ${run} for ${timeText(time)}`);
    } catch (error) {
      // Made before a crash.
      if (!isAlreadyExists(error)) throw error;
    }
  }

  async #delete({ namespace, name, uid }: Run): Promise<void> {
    try {
      await this.#options
        .client("sparkapplications.sparkoperator.k8s.io")
        .delete({ namespace, name }, { preconditions: { uid }, propagationPolicy: "Foreground" });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  async #read({ namespace, name, uid }: Scheduled): Promise<Scheduled | undefined> {
    const { client, rules, scheduling } = this.#options;
    const read = await client("scheduledsparkapplications.sparkoperator.k8s.io").get({ namespace, name });
    return read.metadata.uid === uid ? scheduledOf(read, rules, scheduling) : undefined;
  }

  async #write({ namespace, name, resourceVersion, status: before }: Scheduled, status: ScheduledSparkApplicationStatus): Promise<void> {
    const { client, latest, rules, scheduling } = this.#options;
    const change = statusChange(before, status);
    if (change === undefined) return;
    const patch = { metadata: { resourceVersion }, status: change };
    const written = await client("scheduledsparkapplications.sparkoperator.k8s.io/status").patch({ namespace, name }, patch);
    const after = scheduledOf(written, rules, scheduling);
    if (after !== undefined) latest.set(after);
  }

  #tell(of: Pick<Scheduled, "namespace" | "name" | "uid">, type: "Normal" | "Warning", reason: string, action: string, note: string): void {
    this.#options.events.record({ regarding: referenceOf("ScheduledSparkApplication", of), type, reason, action, note });
  }
}

function runOf({ namespace, name, uid, status, scheduledFor }: Application): Run {
  const state = status.applicationState?.state;
  const phase = state === "COMPLETED" ? "succeeded" : state === "FAILED" ? "failed" : "active";
  return { namespace, name, uid, time: scheduledFor ?? 0, phase, isEnding: false };
}
