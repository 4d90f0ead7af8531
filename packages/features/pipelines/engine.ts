import type { PipelineRun, PipelineSpec, StepStatus } from "@plimsoll/api";
import { isInvalid, valid } from "./condition.ts";
import { decide } from "./decide.ts";
import type { Control, Decision, Observed, Shortfall } from "./decision.ts";
import { hinderedAgain, passedOver, type Hindrance } from "./hindrance.ts";
import { jobName } from "./names.ts";
import type { Plan } from "./plan/plan.ts";
import { hasEnded, hasStarted, Progress } from "./progress.ts";
import type { StatusChange } from "./status.ts";
import { Tally } from "./tally.ts";
import type { JobView, PodView } from "./view.ts";

/** One run as the controller carries it on: its progress, what is known of its Jobs and pods, and what its status lacks. */
export class Engine {
  readonly #progress: Progress;
  readonly #run: string;
  readonly #tallies = new Map<string, Tally>();
  readonly #startedAt: number;
  readonly #unwritten = new Map<string, StepStatus>();
  #top: Omit<StatusChange, "steps"> = {};
  /** What the status says of why the run doesn't go on. */
  #message: string | undefined;
  readonly #hindrances = new Map<number, Hindrance>();
  #isInvalid: boolean;
  /** Whether the run's volume is known to be there. */
  hasWorkspace = false;

  constructor(run: PipelineRun, plan: Plan, resolved: PipelineSpec | undefined, now: number) {
    this.#progress = new Progress(plan, run.status?.steps);
    this.#run = run.metadata.name ?? "";
    this.#startedAt = run.status?.startedAt === undefined ? now : Date.parse(run.status.startedAt);
    this.#isInvalid = isInvalid(run);
    if (run.status?.startedAt === undefined) {
      this.#top = {
        observedGeneration: run.metadata.generation ?? 0,
        phase: "Running",
        startedAt: new Date(this.#startedAt).toISOString(),
        // What kept it from beginning.
        message: null,
        progress: this.#progressText(),
        conditions: [valid(run, now, [])],
        ...(resolved === undefined ? {} : { pipeline: resolved }),
      };
    } else {
      this.#message = run.status.message;
      if (run.status.phase === "Pending") this.#top = { phase: "Running" };
    }
  }

  get plan(): Plan {
    return this.#progress.plan;
  }

  job(job: JobView, gone = false): void {
    if (this.#isOwn(job)) this.#tally(job.step).job(job, gone);
  }

  /** Takes in a Job from the answer to its creation, unless the watch was faster. */
  created(job: JobView): void {
    if (!this.#tally(job.step).has(job.name)) this.job(job);
    // Some of its Jobs could be created: the others are soon tried again.
    const index = this.plan.byName.get(job.step) ?? -1;
    const hindrance = this.#hindrances.get(index);
    if (hindrance !== undefined) this.#hindrances.set(index, { ...hindrance, tries: 0 });
  }

  pod(pod: PodView, gone = false): void {
    this.#tally(pod.step).pod(pod, gone);
  }

  /** Items of a step whose Jobs are ahead of what was seen of their pods. */
  unseen(step: number): readonly number[] {
    return this.#tally(this.#nameOf(step)).unseen;
  }

  /** Says that all pods of a step have been told since `unseen` gave these items. */
  confirmed(step: number, unseen: readonly number[]): void {
    this.#tally(this.#nameOf(step)).confirm(unseen);
  }

  /** Decides what comes next; `advance` takes it in once it has been carried out. */
  decide(control: Omit<Control, "startedAt">): Decision {
    const observed: Observed = {
      tally: (step) => this.#tallies.get(step),
      tallies: () => this.#tallies,
      hindrance: (step) => this.#hindrances.get(step),
    };
    return decide(this.#progress, observed, { ...control, startedAt: this.#startedAt });
  }

  /** Takes in a decision that has been carried out, but for the Jobs of some steps, which have to wait: what it says of these is taken out of it. */
  advance(decision: Decision, run: PipelineRun, now: number, { hindered, untried }: Partial<Shortfall> = {}): void {
    for (const [step, message] of hindered ?? []) this.#withhold(decision, step, hinderedAgain(this.#hindrances.get(step), message, now));
    for (const [step, message] of untried ?? []) this.#withhold(decision, step, passedOver(this.#hindrances.get(step), message, now));
    for (const { step } of decision.create) if (!hindered?.has(step) && !untried?.has(step)) this.#hindrances.delete(step);
    for (const [step, entry] of decision.entries)
      if (hasEnded(entry) || (hasStarted(entry) && this.plan.steps[step]?.shape !== "job-an-item")) this.#hindrances.delete(step);
    if (decision.end) this.#hindrances.clear();
    const first = Iterator.from(this.#hindrances.keys()).reduce((least, step) => Math.min(least, step), Infinity);
    this.hinder(this.#hindrances.get(first)?.message);
    this.#progress.advance(decision);
    for (const [index, entry] of decision.entries) this.#unwritten.set(this.#nameOf(index), entry);
    if (decision.entries.size > 0) this.#top = { ...this.#top, progress: this.#progressText() };
    if (decision.problems.length > 0 && !this.#isInvalid) {
      this.#isInvalid = true;
      this.#top = { ...this.#top, conditions: [valid(run, now, decision.problems)] };
    }
    if (decision.end) {
      const { phase, message } = decision.end;
      this.#top = { ...this.#top, phase, finishedAt: new Date(now).toISOString(), ...(message === undefined ? {} : { message }) };
    }
  }

  /** The entry of a step that the API server refuses. */
  refused(decision: Decision, step: number, message: string, now: number): StepStatus {
    const { items, ...entry } = decision.entries.get(step) ?? this.#progress.entry(step) ?? {};
    const { active: _active, ...counts } = items ?? { total: 0 };
    return { ...entry, ...(items ? { items: counts } : {}), phase: "Failed", finishedAt: new Date(now).toISOString(), message };
  }

  #withhold(decision: Decision, step: number, hindrance: Hindrance): void {
    this.#hindrances.set(step, hindrance);
    decision.started.delete(step);
    decision.judged.delete(step);
    // A step has begun when it has a Job. That it waits is written once, for the sake of its time limit.
    if (this.#tallies.get(this.#nameOf(step))?.createdAt !== undefined) return;
    const { startedAt } = decision.entries.get(step) ?? {};
    decision.entries.delete(step);
    if (startedAt !== undefined && this.#progress.entry(step) === undefined) decision.entries.set(step, { phase: "Pending", startedAt });
  }

  /** Has what was in the way tried again at once: something is gone that may have been it. */
  retry(): void {
    for (const [step, hindrance] of this.#hindrances) this.#hindrances.set(step, { ...hindrance, retryAt: 0 });
  }

  /** The Jobs of a step that have not ended. */
  running(step: number): Iterable<string> {
    return this.#tallies.get(this.#nameOf(step))?.running() ?? [];
  }

  /** Says in the status what keeps the run from going on; undefined: nothing. */
  hinder(message: string | undefined): void {
    if (message === this.#message) return;
    this.#message = message;
    this.#top = { ...this.#top, message: message ?? null };
  }

  /** What the written status lacks, as a merge patch; undefined when it lacks nothing. */
  takeUnwritten(): StatusChange | undefined {
    if (this.#unwritten.size === 0 && Object.keys(this.#top).length === 0) return undefined;
    const steps = Object.fromEntries(this.#unwritten);
    const patch = { ...this.#top, ...(this.#unwritten.size > 0 ? { steps } : {}) };
    this.#unwritten.clear();
    this.#top = {};
    return patch;
  }

  /** Gives back what could not be written; newer entries stand. */
  restore(patch: StatusChange): void {
    const { steps = {}, ...top } = patch;
    this.#top = { ...top, ...this.#top };
    for (const [name, entry] of Object.entries(steps)) if (!this.#unwritten.has(name)) this.#unwritten.set(name, entry);
  }

  /** Whether a Job is one that the run has made, and not a copy of it that somebody has named otherwise. */
  #isOwn({ name, step: stepName, item }: JobView): boolean {
    const step = this.plan.steps[this.plan.byName.get(stepName) ?? -1];
    return step !== undefined && name === jobName(this.#run, stepName, step.shape === "job-an-item" ? item : undefined);
  }

  #nameOf(step: number): string {
    return this.plan.steps[step]?.name ?? "";
  }

  #tally(step: string): Tally {
    let tally = this.#tallies.get(step);
    if (tally === undefined) this.#tallies.set(step, (tally = new Tally()));
    return tally;
  }

  #progressText(): string {
    return `${this.#progress.ended}/${this.plan.steps.length}`;
  }
}
