import { firstOfProblems, type PipelineSchedule, type ScheduleStatus } from "@plimsoll/api";
import { isConflict, isNotFound, Latest, statusChange, versionOf } from "@plimsoll/kube";
import { decide, unstarted, type Decision, type Rules } from "../../decide/schedule.ts";
import type { Language } from "../../../expressions.ts";
import type { SchedulesRuntime } from "../../permissions.ts";
import { invalid, omission, replaced, telling, type Announcement } from "../announcements.ts";
import type { SchedulesMetrics } from "../metrics.ts";
import type { Runs } from "../objects/runs.ts";
import type { RunView } from "../objects/run-view.ts";
import type { Timetable } from "../timetable.ts";
import { Checks } from "./checks.ts";
import { startRuns } from "./start.ts";
import { hasFailedStarting, invalidStatus, statusAfter, withStarting } from "./status.ts";
import { Unrecorded } from "./unrecorded.ts";

interface Options extends Pick<SchedulesRuntime, "client" | "clock" | "events"> {
  seen: (key: string) => PipelineSchedule | undefined;
  /** Has a schedule reconciled once more, behind those that wait. */
  again: (key: string) => void;
  runs: Runs;
  timetable: Timetable;
  metrics: SchedulesMetrics;
  language: Language;
}

/** Reconciles schedules: starts what is due, writes how far that has come, and removes what isn't kept. */
export class Schedules {
  readonly #options: Options;
  readonly #latest = new Latest<PipelineSchedule>(versionOf);
  readonly #checks: Checks;
  readonly #unrecorded = new Unrecorded();
  readonly #tell: ReturnType<typeof telling>;

  constructor(options: Options) {
    this.#options = options;
    this.#checks = new Checks(options.language, options.runs);
    this.#tell = telling(options.events, "PipelineSchedule");
  }

  /** How many can't be carried out as they are written. */
  get invalid(): number {
    return this.#checks.invalid;
  }

  forget(key: string, uid: string): void {
    this.#options.timetable.delete(key);
    this.#options.runs.forget(uid);
    this.#latest.forget(uid);
    this.#checks.forget(uid);
    this.#unrecorded.forget(uid);
  }

  async reconcile(key: string): Promise<void> {
    const seen = this.#options.seen(key);
    if (seen === undefined || seen.metadata.deletionTimestamp !== undefined) return;
    try {
      await this.#advance(key, this.#latest.of(seen));
    } catch (error) {
      // It is gone, or another of its name has come, which its UID keeps all writes from.
      const now = this.#options.seen(key);
      if ((isNotFound(error) || isConflict(error)) && now?.metadata.uid !== seen.metadata.uid) return;
      throw error;
    }
  }

  async #advance(key: string, schedule: PipelineSchedule): Promise<void> {
    const { clock, runs, timetable } = this.#options;
    const { uid = "" } = schedule.metadata;
    const { checked, isNew } = this.#checks.of(schedule);
    if ("problems" in checked) {
      if (isNew) this.#tell(schedule, invalid(firstOfProblems(checked.problems)));
      timetable.delete(key);
      await this.#write(schedule, invalidStatus(schedule, checked.problems, clock.now()));
      return;
    }
    await runs.confirm(uid);
    const decision = this.#decide(schedule, checked.rules);
    const isIdle = decision.end.length + decision.start.length + decision.remove.length === 0;
    if (!isIdle && !this.#latest.isSure(schedule)) {
      const { namespace = "", name = "" } = schedule.metadata;
      const read = await this.#options.client("pipelineschedules.plimsoll.dev").get({ namespace, name });
      if (read.metadata.uid !== uid) return;
      this.#latest.set(read);
      return this.#advance(key, read);
    }
    await this.#carryOut(key, schedule, checked.rules, decision);
    timetable.set(key, decision.wake);
  }

  #decide({ metadata, status = {} }: PipelineSchedule, rules: Rules): Decision<RunView> {
    const { clock, runs } = this.#options;
    return decide({
      rules,
      record: {
        digest: status.timing,
        lastTime: status.lastTime === undefined ? undefined : Date.parse(status.lastTime),
        queue: (status.queue ?? []).map((time) => Date.parse(time)),
      },
      createdAt: Date.parse(metadata.creationTimestamp ?? ""),
      runs: runs.of(metadata.uid ?? ""),
      made: this.#unrecorded.of(metadata.uid ?? ""),
      now: clock.now(),
    });
  }

  async #carryOut(key: string, schedule: PipelineSchedule, rules: Rules, decision: Decision<RunView>): Promise<void> {
    const { runs, clock, metrics } = this.#options;
    const { uid = "" } = schedule.metadata;
    const tell = (announcement: Announcement): void => this.#tell(schedule, announcement);
    for (const run of decision.end) {
      await runs.end(run, "schedule");
      tell(replaced(run.name));
    }
    const { tried, failed } = await startRuns(schedule, rules, decision.start, { ...this.#options, tell });
    const now = clock.now();
    // Others that are due come first: written is what isn't told by the runs' names, and the rest in a round of its own.
    if (tried > 0 && failed === undefined && decision.omitted.length === 0 && !hasFailedStarting(schedule)) {
      this.#unrecorded.add(uid, decision.start);
      return this.#options.again(key);
    }
    const record = failed === undefined || failed.isFinal ? decision.record : unstarted(decision, failed.time);
    const status = statusAfter(schedule, rules, { record }, { runs: runs.of(uid), now });
    await this.#write(schedule, tried > 0 ? withStarting(schedule, status, now, failed) : status);
    this.#unrecorded.recorded(uid, record.lastTime);
    if (failed !== undefined && !failed.isFinal) throw failed.error;
    for (const omitted of decision.omitted) {
      metrics.omitted(omitted);
      tell(omission(omitted));
    }
    for (const run of decision.remove) await runs.remove(run);
  }

  async #write(schedule: PipelineSchedule, status: ScheduleStatus): Promise<void> {
    const change = statusChange(schedule.status, status);
    if (change === undefined) return;
    const { namespace = "", name = "", uid } = schedule.metadata;
    const client = this.#options.client("pipelineschedules.plimsoll.dev/status");
    this.#latest.set(await client.patch({ namespace, name }, { metadata: { uid }, status: change }));
  }
}
