import type { PipelineRun, PipelineSpec, StepStatus } from "@plimsoll/api";
import { isInvalid, valid } from "./condition.ts";
import { decide } from "./decide.ts";
import type { Control, Decision, Observed } from "./decision.ts";
import type { Plan } from "./plan.ts";
import { Progress } from "./progress.ts";
import type { StatusChange } from "./status.ts";
import { Tally } from "./tally.ts";
import type { JobView, PodView } from "./view.ts";

/** One run as the controller carries it on: its progress, what is known of its Jobs and pods, and what its status lacks. */
export class Engine {
  readonly #progress: Progress;
  readonly #tallies = new Map<string, Tally>();
  readonly #startedAt: number;
  readonly #unwritten = new Map<string, StepStatus>();
  #top: Omit<StatusChange, "steps"> = {};
  #hindrance: string | undefined;
  #isInvalid: boolean;
  /** Whether the run's volume is known to be there. */
  hasWorkspace = false;

  constructor(run: PipelineRun, plan: Plan, resolved: PipelineSpec | undefined, now: number) {
    this.#progress = new Progress(plan, run.status?.steps);
    this.#startedAt = run.status?.startedAt === undefined ? now : Date.parse(run.status.startedAt);
    this.#hindrance = run.status?.message;
    this.#isInvalid = isInvalid(run);
    if (run.status?.startedAt === undefined) {
      this.#top = {
        observedGeneration: run.metadata.generation ?? 0,
        phase: "Running",
        startedAt: new Date(this.#startedAt).toISOString(),
        progress: this.#progressText(),
        conditions: [valid(run, now, [])],
        ...(resolved === undefined ? {} : { pipeline: resolved }),
      };
    }
  }

  get plan(): Plan {
    return this.#progress.plan;
  }

  job(job: JobView, gone = false): void {
    this.#tally(job.step).job(job, gone);
  }

  /** Takes in a Job from the answer to its creation, unless the watch was faster. */
  created(job: JobView): void {
    if (!this.#tally(job.step).has(job.name)) this.job(job);
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
    const observed: Observed = { tally: (step) => this.#tallies.get(step), tallies: () => this.#tallies.values() };
    return decide(this.#progress, observed, { ...control, startedAt: this.#startedAt });
  }

  /** Takes in a decision that has been carried out: so nothing hinders the run any more. */
  advance(decision: Decision, run: PipelineRun, now: number): void {
    this.#hinder(undefined);
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

  /** Says in the status what keeps the run from going on. */
  hinder(message: string): void {
    this.#hinder(message);
  }

  #hinder(message: string | undefined): void {
    if (message === this.#hindrance) return;
    this.#hindrance = message;
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
