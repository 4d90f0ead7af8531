import type { Condition, PipelineRun, PipelineSpec, Problem, RunStatus, StepStatus } from "@plimsoll/api";
import { decide } from "./decide.ts";
import type { Control, Decision, Observed } from "./decision.ts";
import type { Plan } from "./plan.ts";
import { Progress } from "./progress.ts";
import { Tally } from "./tally.ts";
import type { JobView, PodView } from "./view.ts";

/** One run as the controller carries it on: its progress, what is known of its Jobs and pods, and what its status lacks. */
export class Engine {
  readonly #progress: Progress;
  readonly #tallies = new Map<string, Tally>();
  readonly #startedAt: number;
  readonly #unwritten = new Map<string, StepStatus>();
  #top: RunStatus = {};
  #hindrance: string | undefined;
  /** Whether the run's volume is known to be there. */
  hasWorkspace = false;

  constructor(run: PipelineRun, plan: Plan, resolved: PipelineSpec | undefined, now: number) {
    this.#progress = new Progress(plan, run.status?.steps);
    this.#startedAt = run.status?.startedAt === undefined ? now : Date.parse(run.status.startedAt);
    if (run.status?.phase === undefined) {
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

  advance(decision: Decision, run: PipelineRun, now: number): void {
    this.#progress.advance(decision);
    for (const [index, entry] of decision.entries) this.#unwritten.set(this.#nameOf(index), entry);
    if (decision.entries.size > 0) this.#top = { ...this.#top, progress: this.#progressText() };
    if (decision.problems.length > 0) this.#top = { ...this.#top, conditions: [valid(run, now, decision.problems)] };
    if (decision.end) {
      const { phase, message } = decision.end;
      this.#top = { ...this.#top, phase, finishedAt: new Date(now).toISOString(), ...(message === undefined ? {} : { message }) };
    }
  }

  /** Says in the status what keeps the run from going on; undefined when nothing does any more. */
  hinder(message: string | undefined): void {
    if (message === this.#hindrance) return;
    this.#hindrance = message;
    this.#top = { ...this.#top, message: message ?? "" };
  }

  /** What the written status lacks, as a merge patch; undefined when it lacks nothing. */
  takeUnwritten(): RunStatus | undefined {
    if (this.#unwritten.size === 0 && Object.keys(this.#top).length === 0) return undefined;
    const steps = Object.fromEntries(this.#unwritten);
    const patch = { ...this.#top, ...(this.#unwritten.size > 0 ? { steps } : {}) };
    this.#unwritten.clear();
    this.#top = {};
    return patch;
  }

  /** Gives back what could not be written; newer entries stand. */
  restore(patch: RunStatus): void {
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

/** The condition that tells whether a run can be carried out as it is written. */
export function valid(run: PipelineRun, now: number, problems: readonly Problem[]): Condition {
  const [first, ...others] = problems;
  return {
    type: "Valid",
    status: first === undefined ? "True" : "False",
    reason: first === undefined ? "Checked" : "Invalid",
    message: first === undefined ? "the pipeline can be run" : `${first.field}: ${first.message}${others.length > 0 ? ` (and ${others.length} more)` : ""}`,
    lastTransitionTime: new Date(now).toISOString(),
    observedGeneration: run.metadata.generation ?? 0,
  };
}
