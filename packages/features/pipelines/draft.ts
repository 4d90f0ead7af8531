import { formatPath, type Path, type Problem, type StepStatus } from "@plimsoll/api";
import type { CelInput } from "@bufbuild/cel";
import { toCel } from "./language/cel.ts";
import type { Control, Creation, Decision, Observed, Started } from "./decision.ts";
import type { Expression, Variables } from "./language/expression.ts";
import type { Plan, PlanStep } from "./plan/plan.ts";
import { hasEnded, hasStarted, type Progress } from "./progress.ts";

/** All outputs of a run together, in bytes: the status must fit into etcd. */
const outputLimit = 512 * 1024;

/** A fan-out's outputs may be long, and its dependents many. */
const converted = new WeakMap<object, CelInput>();

function outputsOf({ outputs }: StepStatus, { shape }: PlanStep): CelInput {
  if (outputs === undefined) return shape === "single" ? new Map() : [];
  const known = converted.get(outputs) ?? toCel(outputs);
  converted.set(outputs, known);
  return known;
}

/** A decision in the making: what it changes is seen by what is decided after it, and the progress beneath stays as it is. */
export class Draft {
  readonly #progress: Progress;
  readonly control: Control;
  /** How the run is to end, where nothing may start any more. */
  readonly over: Decision["end"];
  readonly create: Creation[] = [];
  /** Steps of which the pods have to be read once more before anything is decided. */
  readonly confirm: number[] = [];
  readonly #entries = new Map<number, StepStatus>();
  readonly #started = new Map<number, Started>();
  readonly #judged = new Map<number, number>();
  readonly #unmet = new Map<number, number>();
  /** Steps to consider, in turn; those that become ready are put behind. */
  readonly #ready: number[];
  #considered = 0;
  readonly #problems: Problem[] = [];
  readonly #remove: string[] = [];
  #wakeAt = Infinity;
  #isStopped = false;
  #ended: number;
  #outputBytes: number;

  constructor(progress: Progress, control: Control, over: Decision["end"]) {
    this.#progress = progress;
    this.control = control;
    this.over = over;
    this.#ready = [...progress.ready];
    this.#ended = progress.ended;
    this.#outputBytes = progress.outputBytes;
  }

  step(index: number): PlanStep {
    const step = this.#progress.plan.steps[index];
    if (step === undefined) throw new RangeError(`the plan has no step ${index}`);
    return step;
  }

  nextReady(): PlanStep | undefined {
    const index = this.#ready[this.#considered];
    this.#considered += 1;
    return index === undefined ? undefined : this.step(index);
  }

  entry(index: number): StepStatus | undefined {
    return this.#entries.get(index) ?? this.#progress.entry(index);
  }

  started(index: number): Started | undefined {
    return this.#started.get(index) ?? this.#progress.started(index);
  }

  get plan(): Plan {
    return this.#progress.plan;
  }

  /** Notes by which version of its tally a step is judged; false where it was judged by this one already. */
  isNew(index: number, version: number): boolean {
    if (this.#progress.judged(index) === version) return false;
    this.#judged.set(index, version);
    return true;
  }

  setStarted(index: number, started: Started): void {
    this.#started.set(index, started);
  }

  /** Changes the entry of a step that runs, where it differs. */
  run(step: PlanStep, entry: StepStatus): void {
    if (JSON.stringify(this.entry(step.index)) !== JSON.stringify(entry)) this.#entries.set(step.index, entry);
  }

  /** Ends a step, which may make others ready. */
  end(step: PlanStep, phase: "Succeeded" | "Failed" | "Skipped", rest: Partial<StepStatus> = {}): void {
    const size = rest.outputs === undefined ? 0 : Buffer.byteLength(JSON.stringify(rest.outputs));
    if (this.#outputBytes + size > outputLimit) {
      const { outputs: _outputs, ...kept } = rest;
      const message = `with this step's ${size} bytes the run's outputs are longer than ${outputLimit}: write large results to the workspace`;
      return this.end(step, "Failed", { ...kept, message });
    }
    const { message: _waiting, ...before } = this.entry(step.index) ?? {};
    this.#entries.set(step.index, { ...before, ...rest, phase, finishedAt: this.time() });
    this.#outputBytes += size;
    this.#ended += 1;
    for (const dependent of step.dependents) {
      const left = (this.#unmet.get(dependent) ?? this.#progress.unmet(dependent)) - 1;
      this.#unmet.set(dependent, left);
      if (left === 0 && !hasStarted(this.entry(dependent))) this.#ready.push(dependent);
    }
  }

  /** Fails a step for a mistake in the pipeline, which the run's condition will name too. */
  mistake(step: PlanStep, path: Path, message: string): void {
    this.#problems.push({ path: [...this.plan.at, "steps", step.index, ...path], message });
    this.end(step, "Failed", { message: `${formatPath(path)}: ${message}` });
  }

  /** Asks for another decision at a time, in milliseconds since 1970, even if nothing changes. */
  wake(at: number): void {
    this.#wakeAt = Math.min(this.#wakeAt, at);
  }

  /** Ends the run as it is to end: what runs is removed, and what waits never starts. Not while pods have to be read, nor when all has ended by itself. */
  stop(observed: Observed): void {
    if (this.confirm.length > 0 || this.#ended === this.plan.steps.length) return;
    this.#isStopped = true;
    for (const [name, tally] of observed.tallies())
      if (!hasEnded(this.entry(this.plan.byName.get(name) ?? -1))) this.#remove.push(...tally.running());
    for (const index of new Set([...this.#progress.active, ...this.#progress.ready, ...this.#entries.keys()])) {
      const entry = this.entry(index);
      if (entry === undefined || hasEnded(entry)) continue;
      const { message: _waiting, ...rest } = entry;
      this.#entries.set(index, {
        ...rest,
        phase: "Cancelled",
        finishedAt: this.time(),
        ...(this.over?.message === undefined ? {} : { message: "ended with the run" }),
      });
    }
  }

  time(): string {
    return new Date(this.control.now).toISOString();
  }

  /** What expressions see: parameters, the run, and those steps that they name. */
  variables(expressions: Iterable<Expression>): Variables {
    const { params, steps, byName } = this.#progress.plan;
    const names = new Set<string>();
    for (const expression of expressions) for (const name of expression.steps) names.add(name);
    const seen = new Map<string, CelInput>();
    for (const name of names) {
      const step = steps[byName.get(name) ?? -1];
      const entry = step && this.entry(step.index);
      if (entry)
        seen.set(
          name,
          new Map<string, CelInput>([
            ["phase", entry.phase],
            ["outputs", outputsOf(entry, step)],
          ]),
        );
    }
    return { params, run: new Map(Object.entries(this.control.run)), steps: seen };
  }

  decision(): Decision {
    return {
      create: this.create,
      confirm: this.confirm,
      remove: this.#remove,
      entries: this.#entries,
      started: this.#started,
      judged: this.#judged,
      problems: this.#problems,
      wakeAt: this.#wakeAt === Infinity ? undefined : this.#wakeAt,
      end: this.#isStopped ? this.over : this.#ended < this.plan.steps.length ? undefined : this.#end(),
    };
  }

  #end(): NonNullable<Decision["end"]> {
    const failed = new Set(this.#progress.failed);
    for (const [index, { phase }] of this.#entries) if (phase === "Failed") failed.add(index);
    if (failed.size === 0) return { phase: "Succeeded", message: undefined };
    // In the pipeline's order: which one failed first may not be known any more.
    const indexes = [...failed].sort((a, b) => a - b);
    const [first = 0] = indexes;
    if (indexes.length === 1)
      return { phase: "Failed", message: `step ${this.step(first).name} failed: ${this.entry(first)?.message ?? ""}` };
    const names = indexes.slice(0, 5).map((index) => this.step(index).name);
    return {
      phase: "Failed",
      message: `steps ${[...names, ...(indexes.length > 5 ? [`${indexes.length - 5} more`] : [])].join(", ")} failed`,
    };
  }
}
