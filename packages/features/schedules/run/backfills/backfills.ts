import { firstOfProblems, mostTimes, type Backfill, type BackfillStatus, type PipelineSchedule, type Problem } from "@plimsoll/api";
import { isConflict, isNotFound, Latest, messageOf, statusChange, versionOf } from "@plimsoll/kube";
import { timingOf, type Timing } from "../../cron/timing.ts";
import { decideBackfill } from "../../decide/backfill.ts";
import type { Language } from "../../../expressions.ts";
import type { SchedulesRuntime } from "../../permissions.ts";
import { kindOf } from "../../template.ts";
import { timesBetween } from "../../times.ts";
import { failure, invalid, telling } from "../announcements.ts";
import type { SchedulesMetrics } from "../metrics.ts";
import { objectFor } from "../objects/object.ts";
import { isRefusal } from "../objects/refusal.ts";
import type { Runs } from "../objects/runs.ts";
import { valid } from "../status.ts";
import { begin, type Taken } from "./begin.ts";
import { isOver, statusOf } from "./status.ts";

interface Options extends Pick<SchedulesRuntime, "client" | "clock" | "events"> {
  seen: (key: string) => Backfill | undefined;
  schedule: (key: string) => PipelineSchedule | undefined;
  runs: Runs;
  metrics: SchedulesMetrics;
  language: Language;
}

/** Reconciles backfills: starts as many runs as may go on at once, and writes which times are done with. */
export class Backfills {
  readonly #options: Options;
  readonly #latest = new Latest<Backfill>(versionOf);
  /** The times of each, as they are a function of what stands in its status. */
  readonly #times = new Map<string, { timing: Timing; times: readonly number[] }>();

  readonly #tell: ReturnType<typeof telling>;

  constructor(options: Options) {
    this.#options = options;
    this.#tell = telling(options.events, "Backfill");
  }

  forget(uid: string): void {
    this.#latest.forget(uid);
    this.#times.delete(uid);
    this.#options.runs.forget(uid);
  }

  async reconcile(key: string): Promise<void> {
    const seen = this.#options.seen(key);
    if (seen === undefined || seen.metadata.deletionTimestamp !== undefined) return;
    const { namespace = "", name = "", uid = "" } = seen.metadata;
    if (isOver(seen)) {
      this.#times.delete(uid);
      return;
    }
    try {
      if (!this.#latest.isSure(seen)) {
        const read = await this.#options.client("backfills.plimsoll.dev").get({ namespace, name });
        if (read.metadata.uid !== uid) return;
        this.#latest.set(read);
      }
      await this.#options.runs.confirm(uid);
      const backfill = this.#latest.of(seen);
      const begun = backfill.status?.schedule === undefined ? await this.#begin(backfill) : backfill;
      if (begun?.status?.schedule !== undefined && !isOver(begun)) await this.#advance(begun, begun.status.schedule);
    } catch (error) {
      const now = this.#options.seen(key);
      if ((isNotFound(error) || isConflict(error)) && now?.metadata.uid !== uid) return;
      throw error;
    }
  }

  /** Takes from the schedule what it says now, and writes that before anything is started by it. */
  async #begin(backfill: Backfill): Promise<Backfill | undefined> {
    const { clock, language, runs, schedule } = this.#options;
    const { namespace = "" } = backfill.metadata;
    const of = { schedule: schedule(`${namespace}/${backfill.spec.schedule}`), runs: runs.ofSchedule(namespace, backfill.spec.schedule) };
    const begun = begin(backfill, of, language, clock.now());
    if ("problems" in begun) return this.#refuse(backfill, begun.problems);
    const written = await this.#write(backfill, begun.status);
    if (begun.count === undefined) return undefined;
    const note = `${begun.count} of ${begun.status.total ?? 0} times are run`;
    this.#tell(backfill, { type: "Normal", reason: "Started", action: "Start", note });
    return written;
  }

  async #advance(backfill: Backfill, taken: Taken): Promise<void> {
    const { runs, clock } = this.#options;
    const { uid = "" } = backfill.metadata;
    const { spec, status = {} } = backfill;
    const { timing, times } = this.#timesOf(backfill, taken);
    const decision = decideBackfill({
      spec: {
        parallel: spec.parallel ?? 1,
        reverse: spec.reverse ?? false,
        cancel: spec.cancel ?? false,
        onFailure: spec.onFailure ?? "continue",
      },
      times,
      phase: status.phase ?? "Running",
      round: status.round ?? 1,
      skipped: status.skipped ?? "",
      succeeded: status.succeeded ?? "",
      failed: status.failed ?? "",
      runs: runs.of(uid),
    });
    for (const run of decision.end) await runs.end(run, "backfill");
    // What has ended is written before the next is started, so that no run is made for a time that is done with.
    const written = await this.#write(backfill, statusOf(backfill, decision, times.length, clock.now()));
    if (decision.resume !== undefined) return this.#advance(written, taken);
    if (isOver(written)) return this.#tellEnd(written);
    await this.#start(written, taken, timing, decision.start);
  }

  #timesOf(backfill: Backfill, { timing: spec }: Taken): { timing: Timing; times: readonly number[] } {
    const { uid = "" } = backfill.metadata;
    const known = this.#times.get(uid);
    if (known !== undefined) return known;
    const found = timingOf(spec);
    if ("problems" in found) throw new Error(`status.schedule.timing: ${firstOfProblems(found.problems)}`);
    const times = timesBetween(found.timing, Date.parse(backfill.spec.from), Date.parse(backfill.spec.to), mostTimes) ?? [];
    const made = { timing: found.timing, times };
    this.#times.set(uid, made);
    return made;
  }

  async #start(backfill: Backfill, { template }: Taken, timing: Timing, times: readonly number[]): Promise<void> {
    const { runs, metrics, language } = this.#options;
    const { namespace = "", name = "", uid = "" } = backfill.metadata;
    const kind = runs.kind(kindOf(template));
    if (kind === undefined)
      throw new Error(`${kindOf(template).kind} isn't scheduled here: see features.schedules.kinds of the controller's configuration`);
    const { round = 1 } = backfill.status ?? {};
    const owner = { kind: "Backfill" as const, namespace, name, uid };
    for (const time of times) {
      try {
        await runs.start(kind, objectFor(time, { owner, schedule: backfill.spec.schedule, round, template, timing, language }));
        metrics.startedForBackfill();
      } catch (error) {
        metrics.failed();
        const message = messageOf(error);
        this.#tell(backfill, failure(time, message));
        // It would be the same for each time.
        if (isRefusal(error)) {
          const now = new Date(this.#options.clock.now()).toISOString();
          const written = await this.#write(backfill, { ...backfill.status, phase: "Failed", finishedAt: now, message });
          return this.#tellEnd(written);
        }
        await this.#write(backfill, { ...backfill.status, message });
        throw error;
      }
    }
    if (times.length === 0) return;
    const active = runs.of(uid).filter(({ phase }) => phase === "active").length;
    const now = this.#latest.of(backfill);
    await this.#write(now, { ...now.status, active, message: undefined });
  }

  async #refuse(backfill: Backfill, problems: readonly Problem[]): Promise<undefined> {
    const now = this.#options.clock.now();
    const message = firstOfProblems(problems);
    const finishedAt = new Date(now).toISOString();
    await this.#write(backfill, {
      ...backfill.status,
      phase: "Failed",
      finishedAt,
      message,
      conditions: [valid(backfill, now, problems)],
    });
    this.#tell(backfill, invalid(message));
    return undefined;
  }

  /** Gives the backfill as it is then. */
  async #write(backfill: Backfill, status: BackfillStatus): Promise<Backfill> {
    const change = statusChange(backfill.status, { ...status, observedGeneration: backfill.metadata.generation ?? 0 });
    if (change === undefined) return backfill;
    const { namespace = "", name = "", uid } = backfill.metadata;
    const written = await this.#options
      .client("backfills.plimsoll.dev/status")
      .patch({ namespace, name }, { metadata: { uid }, status: change });
    this.#latest.set(written);
    return written;
  }

  #tellEnd(backfill: Backfill): void {
    const { phase = "Failed", message, progress } = backfill.status ?? {};
    this.#tell(backfill, {
      type: phase === "Failed" ? "Warning" : "Normal",
      reason: phase,
      action: "End",
      note: message ?? `${progress ?? ""} times are done with`,
    });
  }
}
