import { apiVersion, type PipelineSchedule, type ScheduleStatus } from "@plimsoll/api";
import { isConflict, isNotFound, messageOf } from "@plimsoll/kube";
import { decide, unstarted, type Decision, type Rules } from "../decide/schedule.ts";
import type { Language } from "../language.ts";
import type { SchedulesRuntime } from "../permissions.ts";
import { rulesOf } from "../rules.ts";
import { kindOf } from "../template.ts";
import { failure, invalid, omission, replaced, started, type Announcement } from "./announcements.ts";
import { Latest } from "./latest.ts";
import type { SchedulesMetrics } from "./metrics.ts";
import { objectFor } from "./object.ts";
import { isRefusal } from "./refusal.ts";
import type { Runs } from "./runs.ts";
import type { RunView } from "./run-view.ts";
import { firstOf, invalidStatus, statusAfter, statusChange, withStarting } from "./schedule-status.ts";
import type { Timetable } from "./timetable.ts";

interface Options extends Pick<SchedulesRuntime, "client" | "clock" | "events" | "retried"> {
  seen: (key: string) => PipelineSchedule | undefined;
  runs: Runs;
  timetable: Timetable;
  metrics: SchedulesMetrics;
  language: Language;
}

/** What a schedule says, checked once for each of its generations. */
type Checked = ReturnType<typeof rulesOf> & { generation: number | undefined };

/** Reconciles schedules: starts what is due, writes how far that has come, and removes what isn't kept. */
export class Schedules {
  readonly #options: Options;
  readonly #latest = new Latest<PipelineSchedule>();
  readonly #checked = new Map<string, Checked>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** How many can't be carried out as they are written. */
  get invalid(): number {
    let count = 0;
    for (const checked of this.#checked.values()) if ("problems" in checked) count += 1;
    return count;
  }

  forget(key: string, uid: string): void {
    this.#options.timetable.delete(key);
    this.#options.runs.forget(uid);
    this.#latest.forget(uid);
    this.#checked.delete(uid);
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
    const checked = this.#check(schedule);
    if ("problems" in checked) {
      timetable.delete(key);
      await this.#write(schedule, invalidStatus(schedule, checked.problems, clock.now()));
      return;
    }
    await runs.confirm(uid);
    const decision = this.#decide(schedule, checked.rules);
    const isIdle = decision.end.length + decision.start.length + decision.remove.length === 0;
    if (!isIdle && !this.#latest.isSure(uid)) {
      const { namespace = "", name = "" } = schedule.metadata;
      const read = await this.#options.client("pipelineschedules.plimsoll.dev").get({ namespace, name });
      if (read.metadata.uid !== uid) return;
      this.#latest.set(read);
      return this.#advance(key, read);
    }
    await this.#carryOut(schedule, checked.rules, decision);
    timetable.set(key, decision.wake);
  }

  #check(schedule: PipelineSchedule): Checked {
    const { uid = "", generation } = schedule.metadata;
    const known = this.#checked.get(uid);
    if (known !== undefined && known.generation === generation) return known;
    const checked = { ...check(schedule, this.#options), generation };
    this.#checked.set(uid, checked);
    if ("problems" in checked) this.#tell(schedule, invalid(firstOf(checked.problems)));
    return checked;
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
      now: clock.now(),
    });
  }

  async #carryOut(schedule: PipelineSchedule, rules: Rules, decision: Decision<RunView>): Promise<void> {
    const { runs, clock, metrics } = this.#options;
    const { uid = "" } = schedule.metadata;
    for (const run of decision.end) {
      await runs.end(run, "schedule");
      this.#tell(schedule, replaced(run.name));
    }
    const { made, failed } = await this.#start(schedule, rules, decision.start);
    const now = clock.now();
    const record = failed === undefined || failed.isFinal ? decision.record : unstarted(decision, failed.time);
    const status = statusAfter(schedule, rules, { record }, { runs: runs.of(uid), now });
    const isAttempt = made.length > 0 || failed !== undefined;
    await this.#write(schedule, isAttempt ? withStarting(schedule, status, now, failed) : status);
    if (failed !== undefined && !failed.isFinal) throw failed.error;
    for (const omitted of decision.omitted) {
      metrics.omitted(omitted);
      this.#tell(schedule, omission(omitted));
    }
    for (const run of decision.remove) await runs.remove(run);
  }

  /** Starts runs in their order, up to the first that can't be made for now. What the API server will never take is left out. */
  async #start(
    schedule: PipelineSchedule,
    { timing, delay }: Rules,
    times: readonly number[],
  ): Promise<{ made: RunView[]; failed: Failed | undefined }> {
    const { runs, clock, metrics, language } = this.#options;
    const { namespace = "", name = "", uid = "" } = schedule.metadata;
    const { template } = schedule.spec;
    const kind = runs.kind(kindOf(template));
    if (kind === undefined) return { made: [], failed: undefined };
    const made: RunView[] = [];
    let failed: Failed | undefined;
    for (const time of times) {
      try {
        const owner = { kind: "PipelineSchedule" as const, namespace, name, uid };
        const run = await runs.start(kind, objectFor(time, { owner, schedule: name, template, timing, language }));
        made.push(run);
        metrics.started(clock.now() - time - delay);
        this.#tell(schedule, started(run.name, time));
      } catch (error) {
        const isFinal = isRefusal(error);
        failed = { time, error, isFinal, reason: isFinal ? "Refused" : "Waits", message: messageOf(error) };
        metrics.failed();
        this.#tell(schedule, failure(time, failed.message));
        if (!isFinal) break;
      }
    }
    return { made, failed };
  }

  async #write(schedule: PipelineSchedule, status: ScheduleStatus): Promise<void> {
    const change = statusChange(schedule.status, status);
    if (change === undefined) return;
    const { namespace = "", name = "", uid } = schedule.metadata;
    const client = this.#options.client("pipelineschedules.plimsoll.dev/status");
    this.#latest.set(await client.patch({ namespace, name }, { metadata: { uid }, status: change }));
  }

  #tell({ metadata: { namespace, name = "", uid = "" } }: PipelineSchedule, announcement: Announcement): void {
    this.#options.events.record({ regarding: { apiVersion, kind: "PipelineSchedule", namespace, name, uid }, ...announcement });
  }
}

/** A run that could not be made; `isFinal`: it never can. */
interface Failed {
  time: number;
  error: unknown;
  isFinal: boolean;
  reason: string;
  message: string;
}

/** Checks a schedule, also for whether its kind is one that is scheduled here. */
function check(schedule: PipelineSchedule, { language, runs }: Pick<Options, "language" | "runs">): ReturnType<typeof rulesOf> {
  const found = rulesOf(schedule, language);
  if ("problems" in found) return found;
  const { apiVersion, kind } = kindOf(schedule.spec.template);
  if (runs.kind({ apiVersion, kind }) !== undefined) return found;
  const known = runs.kinds.map((one) => `${one.kind} of ${one.apiVersion}`).join(", ");
  return {
    problems: [
      {
        path: ["spec", "template", "kind"],
        message: `${kind} of ${apiVersion} isn't scheduled here: add it to features.schedules.kinds of the controller's configuration, or give one of ${known}`,
      },
    ],
  };
}
