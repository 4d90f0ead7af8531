import type { Backfill, PipelineSchedule } from "@plimsoll/api";
import { splitKey, type CacheEvent, type Stored, type View, type WorkQueue } from "@plimsoll/kube";
import type { SchedulesConfig } from "../config.ts";
import type { Further } from "../../feature.ts";
import type { Language } from "../../expressions.ts";
import type { SchedulesRuntime } from "../permissions.ts";
import { Backfills } from "./backfills/backfills.ts";
import { SchedulesMetrics } from "./metrics.ts";
import { furtherKinds } from "./objects/further-kind.ts";
import { pipelineRuns } from "./objects/run-kind.ts";
import { Runs } from "./objects/runs.ts";
import type { RunView } from "./objects/run-view.ts";
import { Schedules } from "./schedules/schedules.ts";
import { Timetable } from "./timetable.ts";

/** Schedules, and backfills, worked on at once. */
const width = 50;

/** The feature's loop: watches schedules, backfills and their runs, and has those reconciled that are due, or that a change concerns. */
export class SchedulesController {
  readonly #runtime: SchedulesRuntime;
  readonly #schedules: View<PipelineSchedule, PipelineSchedule>;
  readonly #backfills: View<Backfill, Backfill, "schedule">;
  readonly #runs: Runs;
  readonly #timetable: Timetable;
  readonly #queues: { schedules: WorkQueue; backfills: WorkQueue };
  readonly #reconcilers: { schedules: Schedules; backfills: Backfills };
  /** The queue and the key of each owner of runs, by its UID. */
  readonly #owners = new Map<string, { queue: WorkQueue; key: string }>();

  constructor(runtime: SchedulesRuntime, config: SchedulesConfig, language: Language, further: Further | undefined) {
    const { clock, metrics } = runtime;
    this.#runtime = runtime;
    this.#schedules = runtime.view("pipelineschedules.plimsoll.dev", { project: withoutManagers<PipelineSchedule> });
    this.#backfills = runtime.view("backfills.plimsoll.dev", {
      project: withoutManagers<Backfill>,
      indexes: { schedule: ({ metadata, spec }) => [`${metadata.namespace}/${spec.schedule}`] },
    });
    this.#runs = new Runs([pipelineRuns(runtime), ...furtherKinds(config.kinds, language, further)], clock);
    const queues = { schedules: runtime.queue("schedules"), backfills: runtime.queue("backfills") };
    this.#queues = queues;
    this.#timetable = new Timetable(clock, (key) => queues.schedules.add(key));
    const common = {
      ...runtime,
      runs: this.#runs,
      language,
      metrics: new SchedulesMetrics(metrics, {
        schedules: () => this.#schedules.size,
        suspended: () => [...this.#schedules.values()].filter(({ spec }) => spec.suspend === true).length,
        invalid: () => this.#reconcilers.schedules.invalid,
        backfills: () => [...this.#backfills.values()].filter(({ status }) => status?.phase === "Running").length,
      }),
    };
    const schedule = (key: string) => this.#schedules.get(...splitKey(key));
    this.#reconcilers = {
      schedules: new Schedules({ ...common, seen: schedule, again: (key) => queues.schedules.add(key), timetable: this.#timetable }),
      backfills: new Backfills({ ...common, seen: (key) => this.#backfills.get(...splitKey(key)), schedule }),
    };
  }

  /** Works, once this process leads, until the runtime's signal aborts. */
  async run(): Promise<void> {
    const { synced, elected, signal } = this.#runtime;
    await Promise.all([synced(), elected]);
    const { schedules, backfills } = this.#reconcilers;
    this.#runs.on((event) => this.#runChanged(event));
    this.#schedules.on((event) => {
      const key = keyOf(event.object);
      this.#changed(event, this.#queues.schedules, (uid) => schedules.forget(key, uid));
      // What waits for a schedule of that name.
      if (event.type === "add") for (const one of this.#backfills.by("schedule", key)) this.#queues.backfills.add(keyOf(one));
    });
    this.#backfills.on((event) => this.#changed(event, this.#queues.backfills, (uid) => backfills.forget(uid)));
    await Promise.all([
      this.#queues.schedules.run(width, (key) => schedules.reconcile(key), signal),
      this.#queues.backfills.run(width, (key) => backfills.reconcile(key), signal),
    ]);
    this.#timetable.clear();
  }

  #changed<T extends PipelineSchedule | Backfill>(event: CacheEvent<T>, queue: WorkQueue, forget: (uid: string) => void): void {
    const { uid = "", generation } = event.object.metadata;
    const key = keyOf(event.object);
    if (event.type === "delete") {
      this.#owners.delete(uid);
      queue.forget(key);
      forget(uid);
    } else if (event.type === "add" || event.old.metadata.generation !== generation) {
      this.#owners.set(uid, { queue, key });
      queue.add(key);
    }
  }

  /** Only that a run has ended, or is gone, tells anything that isn't known. */
  #runChanged(event: CacheEvent<RunView>): void {
    if (event.type === "update" && event.old.phase === event.object.phase) return;
    const owner = this.#owners.get(event.object.owner);
    owner?.queue.add(owner.key);
  }
}

function keyOf({ metadata: { namespace = "", name = "" } }: PipelineSchedule | Backfill): string {
  return `${namespace}/${name}`;
}

/** Who wrote which field is more than the rest, and isn't read. */
const withoutManagers = <T extends PipelineSchedule | Backfill>(object: Stored<T>): T => {
  const { managedFields: _, annotations: _more, ...metadata } = object.metadata;
  return { ...object, metadata };
};
