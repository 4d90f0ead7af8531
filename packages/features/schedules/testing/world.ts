import type { PipelineSchedule } from "@plimsoll/api";
import type { Clock, Handler, Stored } from "@plimsoll/kube";
import { Registry } from "prom-client";
import { SchedulesMetrics } from "../run/metrics.ts";
import type { RunKind } from "../run/objects/run-kind.ts";
import { viewRun, type RunView } from "../run/objects/run-view.ts";
import { Runs } from "../run/objects/runs.ts";
import { Schedules } from "../run/schedules/schedules.ts";
import { Timetable } from "../run/timetable.ts";
import { runKind } from "../template.ts";

/** What the process comes to that is killed. */
export class Died extends Error {
  override name = "Died";
}

/** Gives a whole number from 0 up to, but not including, the one given. */
export type Choose = (below: number) => number;

/**
 * A small model of the API server, its watch, a clock and a controller that may die at any write: before it is carried out, or after, so that the
 * answer is lost. What the watch tells comes late.
 */
export class World {
  now: number;
  schedule: Stored<PipelineSchedule>;
  readonly runs = new Map<string, RunView>();
  /** Every run that was ever made, in order. */
  readonly made: { name: string; time: number; at: number }[] = [];
  readonly notes: string[] = [];
  /** Writes until the controller dies; Infinity: it doesn't. */
  writesLeft = Infinity;
  readonly #choose: Choose;
  #told = new Map<string, RunView>();
  #seen: PipelineSchedule;
  #version = 1;
  #handler: Handler<RunView> = () => {};
  #reconciler: Schedules;

  constructor(spec: PipelineSchedule["spec"], now: number, choose: Choose) {
    this.now = now;
    this.#choose = choose;
    const metadata = {
      namespace: "ns",
      name: "s",
      uid: "uid",
      generation: 1,
      resourceVersion: "1",
      creationTimestamp: new Date(now).toISOString(),
    };
    this.schedule = { apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineSchedule", metadata, spec };
    this.#seen = this.schedule;
    this.#reconciler = this.#begin();
  }

  /** The controller does one round, and begins anew where it dies in it. */
  async round(): Promise<void> {
    try {
      await this.#reconciler.reconcile("ns/s");
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      this.writesLeft = Infinity;
      // A new leader's caches are filled, perhaps with what was so a moment ago.
      if (this.#choose(2) === 0) this.tell();
      this.#reconciler = this.#begin();
    }
  }

  /** The watch catches up. */
  tell(): void {
    const before = this.#told;
    this.#told = new Map(this.runs);
    this.#seen = this.schedule;
    for (const run of this.runs.values()) this.#handler({ type: "add", object: run });
    for (const run of before.values()) if (!this.runs.has(run.name)) this.#handler({ type: "delete", old: run, object: run });
  }

  /** A run that goes on ends. */
  end(phase: "succeeded" | "failed" | "cancelled"): void {
    const active = [...this.runs.values()].filter(({ phase }) => phase === "active");
    const run = active[this.#choose(Math.max(1, active.length))];
    if (run !== undefined) this.runs.set(run.name, { ...run, phase: run.isEnding ? "cancelled" : phase });
  }

  /** Runs that have ended are deleted by somebody, and the watch tells so at once. */
  vanish(): void {
    for (const run of this.runs.values()) if (run.phase !== "active") this.runs.delete(run.name);
    this.tell();
  }

  get active(): RunView[] {
    return [...this.runs.values()].filter(({ phase }) => phase === "active");
  }

  #begin(): Schedules {
    const clock: Clock = {
      now: () => this.now,
      monotonic: () => 0,
      sleep: (_ms, signal) => new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("over")))),
      turn: () => Promise.resolve(),
    };
    const runs = new Runs([this.#kind()], clock);
    runs.on(() => {});
    const metrics = new SchedulesMetrics(new Registry(), { schedules: () => 0, suspended: () => 0, invalid: () => 0, backfills: () => 0 });
    return new Schedules({
      clock,
      runs,
      metrics,
      timetable: new Timetable(clock, () => {}),
      language: () => undefined,
      events: { record: ({ note }) => void this.notes.push(note) },
      again: () => {},
      seen: () => this.#seen,
      client: ((resource: string) => ({
        get: () => Promise.resolve(this.schedule),
        patch: (_ref: unknown, patch: { status: object }) =>
          this.#write(() => {
            if (resource !== "pipelineschedules.plimsoll.dev/status") throw new Error(resource);
            this.#version += 1;
            const merged = Object.entries({ ...this.schedule.status, ...patch.status }).filter(([, value]) => value !== null);
            const metadata = { ...this.schedule.metadata, resourceVersion: String(this.#version) };
            this.schedule = { ...this.schedule, metadata, status: Object.fromEntries(merged) };
            return this.schedule;
          }),
      })) as never,
    });
  }

  #kind(): RunKind {
    const told = (): RunView[] => [...this.#told.values()];
    return {
      kind: runKind,
      view: { by: () => told(), on: (handler: Handler<RunView>) => void (this.#handler = handler) } as never,
      ensure: (object) =>
        this.#write(() => {
          const { name = "" } = object.metadata;
          const existing = this.runs.get(name);
          if (existing !== undefined) return existing;
          const uid = `${name}/${this.made.length}`;
          const made = { ...object, metadata: { ...object.metadata, uid } };
          const run = viewRun(made, runKind, () => ({ phase: "active", isEnding: false }));
          if (run === undefined) throw new Error("no run of a schedule");
          this.runs.set(name, run);
          this.made.push({ name, time: run.time, at: this.now });
          return run;
        }),
      end: ({ name }) =>
        this.#write(() => {
          const run = this.runs.get(name);
          if (run !== undefined) this.runs.set(name, { ...run, isEnding: true });
        }),
      remove: ({ name, uid }) =>
        this.#write(() => {
          if (this.runs.get(name)?.uid === uid) this.runs.delete(name);
        }),
      find: ({ name }) => Promise.resolve(this.runs.get(name)),
    };
  }

  /** Where it dies, either nobody has seen the write, or it was carried out and nobody has seen the answer. */
  #write<T>(carryOut: () => T): Promise<T> {
    this.writesLeft -= 1;
    if (this.writesLeft > 0) return Promise.resolve(carryOut());
    if (this.writesLeft === 0 && this.#choose(2) === 0) carryOut();
    this.writesLeft = 0;
    return Promise.reject(new Died());
  }
}
