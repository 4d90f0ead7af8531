import type { RunStatus, StepStatus } from "@plimsoll/api";
import type { Plan, PlanStep } from "../plan/plan.ts";
import { lastSized } from "../sizing/told-tries.ts";
import { bytesOf, type Outputs } from "../step/outputs.ts";
import type { Decision, End, Outcome } from "./decision.ts";
import { StepProgress } from "./step-progress.ts";

/** What is kept of a step that has ended: what others may ask for. */
export interface Ended {
  phase: "Succeeded" | "Failed" | "Skipped" | "Cancelled";
  outputs: Outputs | readonly Outputs[] | undefined;
  message: string | undefined;
}

/**
 * How far a run has come. It is built from the run's status once, and then takes in decision by decision,
 * each at a cost that depends on the decision alone.
 *
 * What has ended and does not yet stand in the written status is unrecorded: the pods of what starts next carry it, so that it is
 * nowhere in memory alone.
 */
export class Progress {
  readonly plan: Plan;
  readonly #active = new Map<number, StepProgress>();
  readonly #ended: (Ended | undefined)[];
  readonly #unmet: number[];
  readonly #ready = new Set<number>();
  readonly #failed = new Set<number>();
  readonly #unrecorded = new Map<number, StepStatus>();
  #recordText: string | undefined;
  #endedCount = 0;
  #mainEnded = 0;
  #outputBytes = 0;
  #outcome: End | undefined;
  #isOpen = false;

  constructor(plan: Plan, { steps = {}, outcome }: Pick<RunStatus, "steps" | "outcome"> = {}) {
    this.plan = plan;
    this.#ended = plan.steps.map(() => undefined);
    this.#unmet = plan.steps.map((step) => step.needs.length + (step.isFinal ? 1 : 0));
    for (const [index, unmet] of this.#unmet.entries()) if (unmet === 0) this.#ready.add(index);
    for (const step of plan.steps) {
      const entry = Object.hasOwn(steps, step.name) ? steps[step.name] : undefined;
      if (entry === undefined) continue;
      if (entry.phase === "Pending" || entry.phase === "Running") this.#start(step.index, entry);
      else this.#end(step.index, entry);
    }
    this.#unrecorded.clear();
    if (outcome !== undefined) {
      this.#outcome = outcome;
      this.#open();
    }
  }

  /** Steps that have started and not ended. */
  get active(): ReadonlyMap<number, StepProgress> {
    return this.#active;
  }

  /** Steps that have not been looked at yet though all that they need is settled. */
  get ready(): ReadonlySet<number> {
    return this.#ready;
  }

  /** How many steps have ended, and of these how many that are not in `finally`. */
  get endedCount(): number {
    return this.#endedCount;
  }

  get mainEnded(): number {
    return this.#mainEnded;
  }

  /** Bytes of all outputs so far. */
  get outputBytes(): number {
    return this.#outputBytes;
  }

  /** Steps that have failed, and fail the run. */
  get failed(): ReadonlySet<number> {
    return this.#failed;
  }

  /** What all steps but those of `finally` have come to, once they have. */
  get outcome(): End | undefined {
    return this.#outcome;
  }

  ended(step: number): Ended | undefined {
    return this.#ended[step];
  }

  unmet(step: number): number {
    return this.#unmet[step] ?? 0;
  }

  /** Takes in what was decided, and what has come of it; gives the steps that the API server has refused. */
  apply(decision: Decision, outcome: Outcome, time: string): Iterable<number> {
    for (const [index, started] of decision.started) {
      this.#ready.delete(index);
      this.#active.set(index, StepProgress.started(started, this.plan.steps[index]?.fanned ?? false));
    }
    for (const [index, change] of decision.changes) this.#active.get(index)?.apply(change);
    for (const { step, tried } of decision.tried) {
      const progress = this.#active.get(step);
      if (progress !== undefined) progress.sizing = lastSized(this.plan, [...progress.sizing, tried]);
    }
    for (const { step, item } of outcome.made) this.#active.get(step)?.begin(item);
    for (const creation of decision.create) {
      const progress = this.#active.get(creation.step);
      if (progress !== undefined && progress.begun > 0 && !outcome.made.has(creation)) progress.postpone(creation.item);
    }
    for (const [index, entry] of decision.ended) this.#end(index, entry);
    for (const [index, message] of outcome.refused) this.#refuse(index, message, time);
    this.#outcome ??= decision.outcome;
    return outcome.refused.keys();
  }

  /** Entries of steps that have ended and don't stand in the written status yet. */
  get unrecorded(): ReadonlyMap<number, StepStatus> {
    return this.#unrecorded;
  }

  /** The same by the steps' names, as JSON; undefined where there are none. */
  get recordText(): string | undefined {
    if (this.#unrecorded.size === 0) return undefined;
    return (this.#recordText ??= JSON.stringify(
      Object.fromEntries([...this.#unrecorded].map(([index, entry]) => [this.plan.steps[index]?.name ?? "", entry])),
    ));
  }

  /** Takes in the end of a step that a pod carries, as the status doesn't tell of it. */
  recall(index: number, entry: StepStatus): void {
    if (this.#ended[index] === undefined) this.#end(index, entry);
  }

  /** Says that the written status holds these steps' entries, and the outcome where there is one. */
  recorded(steps: Iterable<number>): void {
    for (const index of steps) this.#unrecorded.delete(index);
    this.#recordText = undefined;
    if (this.#outcome !== undefined) this.#open();
  }

  #start(index: number, entry: StepStatus): void {
    this.#ready.delete(index);
    this.#active.set(index, new StepProgress(entry, this.plan.steps[index]?.fanned ?? false));
  }

  #refuse(index: number, message: string, time: string): void {
    const progress = this.#active.get(index);
    this.#end(index, {
      phase: "Failed",
      ...(progress === undefined ? {} : { startedAt: progress.startedAt }),
      finishedAt: time,
      ...(progress !== undefined && this.plan.steps[index]?.fanned ? { items: progress.counts() } : {}),
      ...(progress !== undefined && progress.sizing.length > 0 ? { sizing: [...progress.sizing] } : {}),
      message,
    });
  }

  #end(index: number, entry: StepStatus): void {
    const { phase, outputs, message } = entry;
    if (this.#ended[index] !== undefined || phase === "Pending" || phase === "Running") return;
    const step = this.plan.steps[index];
    this.#ready.delete(index);
    this.#active.delete(index);
    this.#ended[index] = { phase, outputs, message: phase === "Failed" ? message : undefined };
    this.#endedCount += 1;
    if (!step?.isFinal) this.#mainEnded += 1;
    this.#outputBytes += outputs === undefined ? 0 : bytesOf(outputs);
    if (phase === "Failed" && !step?.spec.continueOnFailure) this.#failed.add(index);
    this.#unrecorded.set(index, entry);
    this.#recordText = undefined;
    for (const dependent of step?.dependents ?? []) this.#meet(dependent);
  }

  #open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    for (const step of this.plan.steps) if (step.isFinal) this.#meet(step.index);
  }

  #meet(index: number): void {
    const left = this.unmet(index) - 1;
    this.#unmet[index] = left;
    if (left === 0 && this.#ended[index] === undefined && !this.#active.has(index)) this.#ready.add(index);
  }
}

/** What a plan's step may see of another. */
export function isSatisfied(step: PlanStep, ended: Ended | undefined): boolean {
  return ended?.phase === "Succeeded" || (ended?.phase === "Failed" && step.spec.continueOnFailure === true);
}
