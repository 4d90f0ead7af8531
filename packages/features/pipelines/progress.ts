import type { StepStatus } from "@plimsoll/api";
import type { Decision, Started } from "./decision.ts";
import type { Plan, PlanStep } from "./plan/plan.ts";

/** Whether a step has a Job, or is to have none. */
export function hasStarted(entry: StepStatus | undefined): boolean {
  return entry !== undefined && entry.phase !== "Pending";
}

export function hasEnded(entry: StepStatus | undefined): boolean {
  return hasStarted(entry) && entry?.phase !== "Running";
}

/**
 * How far a run has come. It is built from the run's status once, and then advanced decision by decision,
 * each at a cost that depends on the decision alone.
 */
export class Progress {
  readonly plan: Plan;
  /** Entries of steps that have started or been skipped, or can't start for now, as they will stand in the status. */
  readonly #entries: (StepStatus | undefined)[];
  readonly #started: (Started | undefined)[];
  readonly #judged: (number | undefined)[];
  readonly #unmet: number[];
  readonly #active = new Set<number>();
  readonly #ready = new Set<number>();
  #ended = 0;
  #outputBytes = 0;
  readonly #failed = new Set<number>();

  constructor(plan: Plan, status: Readonly<Record<string, StepStatus>> = {}) {
    this.plan = plan;
    this.#entries = plan.steps.map(() => undefined);
    this.#started = plan.steps.map(() => undefined);
    this.#judged = plan.steps.map(() => undefined);
    this.#unmet = plan.steps.map((step) => step.needs.length);
    for (const step of plan.steps) if (step.needs.length === 0) this.#ready.add(step.index);
    for (const step of plan.steps) {
      const entry = Object.hasOwn(status, step.name) ? status[step.name] : undefined;
      if (entry !== undefined) this.#enter(step, entry);
    }
  }

  /** Steps that run. Their items may have to be worked out again after a restart: then `started` is undefined. */
  get active(): ReadonlySet<number> {
    return this.#active;
  }

  /** Steps that have not been looked at yet though all that they need has ended. */
  get ready(): ReadonlySet<number> {
    return this.#ready;
  }

  /** How many steps have ended. */
  get ended(): number {
    return this.#ended;
  }

  /** Bytes of all outputs so far. */
  get outputBytes(): number {
    return this.#outputBytes;
  }

  /** Steps that have failed. */
  get failed(): ReadonlySet<number> {
    return this.#failed;
  }

  entry(step: number): StepStatus | undefined {
    return this.#entries[step];
  }

  started(step: number): Started | undefined {
    return this.#started[step];
  }

  /** The version of its tally by which a step that runs was judged last. */
  judged(step: number): number | undefined {
    return this.#judged[step];
  }

  unmet(step: number): number {
    return this.#unmet[step] ?? 0;
  }

  /** Takes in what was decided, once it has been carried out. */
  advance(decision: Decision): void {
    for (const [index, started] of decision.started) this.#started[index] = started;
    for (const [index, version] of decision.judged) this.#judged[index] = version;
    for (const [index, entry] of decision.entries) {
      const step = this.plan.steps[index];
      if (step !== undefined) this.#enter(step, entry);
    }
  }

  #enter(step: PlanStep, entry: StepStatus): void {
    const before = this.#entries[step.index];
    this.#entries[step.index] = entry;
    if (entry.phase === "Pending") return;
    this.#ready.delete(step.index);
    if (entry.phase === "Running") {
      this.#active.add(step.index);
      return;
    }
    this.#active.delete(step.index);
    this.#started[step.index] = undefined;
    if (hasEnded(before)) return;
    this.#ended += 1;
    this.#outputBytes += entry.outputs === undefined ? 0 : Buffer.byteLength(JSON.stringify(entry.outputs));
    if (entry.phase === "Failed") this.#failed.add(step.index);
    for (const dependent of step.dependents) {
      const left = this.unmet(dependent) - 1;
      this.#unmet[dependent] = left;
      if (left === 0 && !hasStarted(this.#entries[dependent])) this.#ready.add(dependent);
    }
  }
}
