import { formatPath, type Path, type Problem, type SizedTry, type StepStatus } from "@plimsoll/api";
import type { StepTry } from "@plimsoll/model/sizing";
import type { Expression, Variables } from "../language/expression.ts";
import { Meter } from "../language/meter.ts";
import type { Plan, PlanStep } from "../plan/plan.ts";
import { stepTryOf } from "../sizing/known-tries.ts";
import { lastSized } from "../sizing/told-tries.ts";
import type { TryView } from "../step/kind.ts";
import { bytesOf } from "../step/outputs.ts";
import type { Control, Creation, Decision, End, Missing, Observed, StepChange, Tried } from "./decision.ts";
import type { Ended, Progress } from "./progress.ts";
import { StepProgress } from "./step-progress.ts";
import { variablesOf } from "./variables.ts";

/** A decision creates no more at once, so that what happens meanwhile is soon taken into account. */
const mostCreations = 64;

/** A decision in the making: what it changes is seen by what is decided after it, and the progress beneath stays as it is. */
export class Draft implements Decision {
  readonly progress: Progress;
  readonly control: Control;
  readonly observed: Observed;
  readonly create: Creation[] = [];
  readonly confirm: Missing[] = [];
  readonly remove: TryView[] = [];
  readonly tried: Tried[] = [];
  readonly started = new Map<number, { startedAt: string; items: readonly unknown[] }>();
  readonly changes = new Map<number, StepChange>();
  readonly ended = new Map<number, StepStatus>();
  readonly judged = new Map<number, number>();
  readonly problems: Problem[] = [];
  readonly wakes = new Map<number, number>();
  record = false;
  wakeAt: number | undefined;
  outcome: End | undefined;
  end: End | undefined;
  /** How the run is to end before its steps have, if so: then nothing starts any more. */
  over: End | undefined;
  /** Whether what ran was ended for that. */
  isStopped = false;
  /** Steps to consider, in turn; those that become ready are put behind. */
  readonly #ready: number[];
  readonly #unmet = new Map<number, number>();
  /** The progress of steps that start. */
  readonly #fresh = new Map<number, StepProgress>();
  #considered = 0;
  #outputBytes: number;
  #record: { size: number; text: string } | undefined;
  readonly #meters = new Map<number, Meter>();

  constructor(progress: Progress, observed: Observed, control: Control) {
    this.progress = progress;
    this.observed = observed;
    this.control = control;
    this.#ready = [...progress.ready];
    this.#outputBytes = progress.outputBytes;
  }

  get plan(): Plan {
    return this.progress.plan;
  }

  get now(): number {
    return this.control.now;
  }

  /** The time, as a status has it. */
  get time(): string {
    return new Date(this.now).toISOString();
  }

  step(index: number): PlanStep {
    const step = this.plan.steps[index];
    if (step === undefined) throw new RangeError(`the plan has no step ${index}`);
    return step;
  }

  /** A step's progress, unless it has ended by now. */
  active(index: number): StepProgress | undefined {
    return this.ended.has(index) ? undefined : (this.progress.active.get(index) ?? this.#fresh.get(index));
  }

  /** Starts a step, whose first tries can be decided on at once. */
  begin(step: PlanStep, startedAt: string, items: readonly unknown[]): void {
    const started = { startedAt, items };
    this.started.set(step.index, started);
    this.#fresh.set(step.index, StepProgress.started(started, step.fanned));
  }

  endedOf(index: number): Ended | undefined {
    const entry = this.ended.get(index);
    return entry === undefined
      ? this.progress.ended(index)
      : { phase: entry.phase as Ended["phase"], outputs: entry.outputs, message: entry.message };
  }

  /** The next step to consider. */
  nextReady(): PlanStep | undefined {
    const index = this.#ready[this.#considered];
    this.#considered += 1;
    return index === undefined ? undefined : this.step(index);
  }

  /** Whether another try can be created in this decision; if not, there is another decision at once. */
  hasRoom(): boolean {
    if (this.create.length < mostCreations) return true;
    this.wake(this.now);
    return false;
  }

  /** What has ended by now and isn't in the written status, as pods carry it; undefined where nothing has. */
  get recordText(): string | undefined {
    if (this.ended.size === 0) return this.progress.recordText;
    if (this.#record?.size !== this.ended.size) {
      const entries = [...this.progress.unrecorded, ...this.ended].map(([index, entry]) => [this.step(index).name, entry]);
      this.#record = { size: this.ended.size, text: JSON.stringify(Object.fromEntries(entries)) };
    }
    return this.#record.text;
  }

  /** What the evaluations of a step are charged to. */
  meter({ index }: PlanStep): Meter {
    const meter = this.#meters.get(index) ?? new Meter();
    this.#meters.set(index, meter);
    return meter;
  }

  /** Whether there is time for another step's expressions in this decision; if not, there is another decision at once. */
  canAfford(): boolean {
    let spent = 0;
    for (const { share } of this.#meters.values()) spent += share;
    if (spent <= 1) return true;
    this.wake(this.now);
    return false;
  }

  /** What changes of a step that goes on. */
  change(step: PlanStep, progress: StepProgress): StepChange {
    let change = this.changes.get(step.index);
    if (change === undefined) {
      const { checked, message } = progress;
      change = {
        items: undefined,
        succeeded: new Map(),
        failed: new Set(),
        retries: new Map(),
        tries: [],
        adopted: [],
        checked,
        message,
        isVisible: false,
      };
      this.changes.set(step.index, change);
    }
    return change;
  }

  /** Why a step can't have outputs of so many bytes, if so. */
  tooLong(size: number): string | undefined {
    const { outputLimit } = this.control;
    return this.#outputBytes + size > outputLimit
      ? `with this step's ${size} bytes the run's outputs are longer than ${outputLimit}: write large results to the workspace`
      : undefined;
  }

  /** Ends a step, which may make others ready. What still runs of it is removed. */
  finish(step: PlanStep, phase: Ended["phase"], rest: Partial<StepStatus> = {}): void {
    const size = rest.outputs === undefined ? 0 : bytesOf(rest.outputs);
    const message = this.tooLong(size);
    if (message !== undefined) {
      const { outputs: _outputs, ...kept } = rest;
      return this.finish(step, "Failed", { ...kept, message });
    }
    const progress = this.progress.active.get(step.index);
    const startedAt = progress?.startedAt ?? this.started.get(step.index)?.startedAt;
    const tries = [...(progress?.tries() ?? []), ...(this.changes.get(step.index)?.tries ?? [])].slice(-20);
    const sizing = lastSized(this.plan, [...(progress?.sizing ?? []), ...this.#triedOf(step)]);
    this.changes.delete(step.index);
    this.started.delete(step.index);
    for (let at = this.create.length - 1; at >= 0; at -= 1) if (this.create[at]?.step === step.index) this.create.splice(at, 1);
    this.ended.set(step.index, {
      phase,
      ...(startedAt === undefined ? {} : { startedAt }),
      finishedAt: this.time,
      ...(tries.length > 0 ? { tries } : {}),
      ...(sizing.length > 0 ? { sizing } : {}),
      ...rest,
      ...(rest.message === undefined ? {} : { message: shortened(rest.message) }),
    });
    this.#outputBytes += size;
    for (const view of this.observed.pods(step.index)?.active ?? []) if (!view.deleting) this.remove.push(view);
    for (const dependent of step.dependents) {
      const left = (this.#unmet.get(dependent) ?? this.progress.unmet(dependent)) - 1;
      this.#unmet.set(dependent, left);
      if (left === 0) this.#ready.push(dependent);
    }
  }

  /** Fails a step for a mistake in the pipeline, which the run's condition will name too. */
  mistake(step: PlanStep, path: Path, message: string): void {
    this.problems.push({ path: [...step.at, ...path], message });
    this.finish(step, "Failed", { message: `${formatPath(path)}: ${message}` });
  }

  /** Asks for another decision at a time, in milliseconds since 1970, even if nothing changes. */
  wake(at: number): void {
    if (at < Infinity) this.wakeAt = Math.min(this.wakeAt ?? Infinity, at);
  }

  /** Asks for a step to be looked at again. */
  wakeStep(index: number, at: number): void {
    if (at < Infinity) this.wakes.set(index, Math.min(this.wakes.get(index) ?? Infinity, at));
  }

  /** How many of the steps that are not in `finally`, and of all, have ended by now. */
  countEnded(): { main: number; all: number } {
    let main = this.progress.mainEnded;
    for (const index of this.ended.keys()) if (!this.step(index).isFinal) main += 1;
    return { main, all: this.progress.endedCount + this.ended.size };
  }

  /** How earlier tries of a class of a step went, those among them that are judged in this decision. */
  triesOf(step: PlanStep, name: string | undefined): readonly StepTry[] {
    const own = this.#triedOf(step).filter((tried) => tried.class === name);
    return [...this.observed.tries(step.index, name), ...own.map(stepTryOf)];
  }

  #triedOf({ index }: PlanStep): SizedTry[] {
    return this.tried.flatMap(({ step, tried }) => (step === index ? [tried] : []));
  }

  variables(step: PlanStep, expressions: Iterable<Expression>): Variables {
    return variablesOf(this, step, expressions);
  }

  /** What a step wrote, for expressions. */
  outputsOf(index: number): { phase: string; outputs: Ended["outputs"] } | undefined {
    const ended = this.endedOf(index);
    // Where the run was ended, steps that never began have no entry, and yet can be asked for.
    return ended ?? (this.progress.outcome === undefined ? undefined : { phase: "Cancelled", outputs: undefined });
  }
}

const longestMessage = 2_000;

function shortened(message: string): string {
  return message.length > longestMessage ? `${message.slice(0, longestMessage - 1)}…` : message;
}
