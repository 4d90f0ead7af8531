import { type Condition, type PipelineRun, type PipelineSpec, type StepStatus, withCondition } from "@plimsoll/api";
import type { Budget } from "@plimsoll/model";
import { decide } from "../decide/decide.ts";
import { blockedAgain, deferred, type Blocked } from "../decide/blocked.ts";
import type { Control, Decision, Missing, Outcome } from "../decide/decision.ts";
import { Progress } from "../decide/progress.ts";
import { StepPods } from "../decide/step-pods.ts";
import type { Plan } from "../plan/plan.ts";
import { KnownTries, type Sizing } from "../sizing/known-tries.ts";
import type { TryView } from "../step/kind.ts";
import { kindOf, nameOf, objectKindOf } from "../step/kinds.ts";
import type { RunIdentity } from "../step/labels.ts";
import { valid } from "./status/condition.ts";
import { evictable, evictableBy } from "./act/evictable.ts";
import { parseRecord } from "./status/record.ts";
import { Disposal } from "./act/disposal.ts";
import { Refusals } from "./refusals.ts";
import type { StatusChange } from "./status/status.ts";
import { Wakes } from "./wakes.ts";

/** One run as it is reconciled: its progress, what is observed of its pods, and what its written status lacks. */
export class Engine {
  readonly #progress: Progress;
  readonly #run: Pick<PipelineRun, "metadata">;
  readonly #pods = new Map<number, StepPods>();
  readonly #blocked = new Map<number, Blocked>();
  readonly #startedAt: number;
  /** Steps to look at. */
  readonly #due = new Set<number>();
  /** Whether steps have become ready since. */
  #hasReady = true;
  readonly #wakes = new Wakes();
  readonly #disposal: Disposal;
  readonly #outputLimit: number;
  /** Steps that go on and whose entries have changed. */
  readonly #changed = new Set<number>();
  /** Steps that go on when the status has been written. */
  readonly #unrecorded = new Set<number>();
  #top: Omit<StatusChange, "steps"> = {};
  /** What the status says of why the run doesn't go on. */
  #message: string | undefined;
  #conditions: readonly Condition[];
  /** Those of its namespace, as they were last seen. */
  #budgets: readonly Budget[] = [];
  #failure: string | undefined;
  #isFull = false;
  /** Objects that the API server doesn't delete for now. */
  readonly unremoved = new Refusals<TryView>(({ uid }) => uid);
  /** Tries of which it doesn't say for now whether they are there. */
  readonly unconfirmed = new Refusals<Missing>(({ step, item, try: number }) => `${step}/${item}/${number}`);
  readonly #use: Sizing["use"];
  /** How tries of its steps with resources.auto went, its own among them. */
  readonly tries: KnownTries;
  /** Whether its end has been decided. */
  hasEnded = false;
  /** Whether the run's volume is known to be there. */
  hasWorkspace = false;

  /** `pods`: those of the run that are there; `sizing`: by what steps with resources.auto go, by default the run alone. */
  constructor(run: PipelineRun, plan: Plan, now: number, outputLimit: number, pods: readonly TryView[] = [], sizing: Partial<Sizing> = {}) {
    const { metadata, status } = run;
    this.#progress = new Progress(plan, status);
    this.#run = { metadata };
    this.#outputLimit = outputLimit;
    this.#startedAt = status?.startedAt === undefined ? now : Date.parse(status.startedAt);
    this.#conditions = status?.conditions ?? [];
    this.#disposal = new Disposal(plan.keepPods);
    this.#use = sizing.use ?? (() => undefined);
    this.tries = sizing.tries ?? new KnownTries();
    this.tries.learnAll(status?.steps);
    if (status?.startedAt === undefined) {
      this.#top = {
        observedGeneration: metadata.generation ?? 0,
        phase: "Running",
        startedAt: new Date(this.#startedAt).toISOString(),
        // What kept it from beginning.
        message: null,
        progress: this.#progressText(),
      };
      this.#setCondition(valid(run, now, []));
    } else {
      this.#message = status.message;
      if (status.phase === "Pending") this.#top = { phase: "Running" };
    }
    for (const { record, ...view } of pods) if (record !== undefined && this.#indexOf(view) !== undefined) this.#recall(record);
    for (const index of this.#progress.active.keys()) this.#due.add(index);
    for (const view of pods) this.observe(view);
  }

  get identity(): RunIdentity {
    const { namespace = "", name = "", uid = "" } = this.#run.metadata;
    return { namespace, name, uid };
  }

  /** Milliseconds since 1970. */
  get startedAt(): number {
    return this.#startedAt;
  }

  get plan(): Plan {
    return this.#progress.plan;
  }

  /** Takes in a pod as it is now; `gone` where it has been deleted. What is not exactly as the run would have made it is none of its own. */
  observe(seen: TryView, gone = false): void {
    const index = this.#indexOf(seen);
    if (index === undefined) return;
    const { view, keep } = this.#judged(seen, index);
    if (this.#progress.ended(index) === undefined) {
      this.#podsOf(index).observe(view, gone);
      this.#due.add(index);
    } else if (view.state.phase === "active" && !gone) this.#disposal.discard(view);
    if (!gone) this.#disposal.observe(view, keep);
  }

  /** Takes in what was just made, or was there already. */
  made(view: TryView): void {
    const index = this.#indexOf(view);
    if (index !== undefined && this.#progress.ended(index) === undefined) this.#podsOf(index).made(this.#judged(view, index).view);
  }

  /** Says that a try is gone of which nothing was seen. */
  vanished({ step, item, try: number }: Missing): void {
    this.#podsOf(step).vanished(item, number);
    this.#due.add(step);
  }

  /** The name of a try. */
  nameOf(step: number, item: number, number: number): string {
    const planned = this.plan.steps[step];
    return planned === undefined ? "" : nameOf(this.#run.metadata.name ?? "", planned, item, number);
  }

  /** Of what kind the objects of a step are, as in `batch/v1 Job`; undefined: they are pods. */
  kindOf(step: number): string | undefined {
    const planned = this.plan.steps[step];
    return planned && objectKindOf(planned.spec);
  }

  decide({ now, cancel }: Pick<Control, "now" | "cancel">): Decision {
    const { name = "", namespace = "", uid = "", labels = {}, annotations = {} } = this.#run.metadata;
    // Until it has been carried out and applied, as that may fail.
    for (const step of this.#wakes.due(now)) this.#due.add(step);
    return decide(
      this.#progress,
      {
        due: [...this.#due],
        pods: (step) => this.#pods.get(step),
        blocked: (step) => this.#blocked.get(step),
        tries: (step, name) => this.tries.of(this.#stepName(step), name),
        use: this.#use,
      },
      {
        run: { name, namespace, uid, labels, annotations },
        now,
        startedAt: this.#startedAt,
        cancel,
        outputLimit: this.#outputLimit,
        failure: this.#failure,
      },
    );
  }

  /** Takes in a decision, and what has come of it. */
  apply(decision: Decision, outcome: Outcome, now: number): void {
    const time = new Date(now).toISOString();
    this.#hasReady = false;
    for (const [step, change] of decision.changes)
      for (const { reason, item = 0, try: number } of change.tries)
        if (reason === "NodeLost") this.#pods.get(step)?.abandon(this.nameOf(step, item, number));
    for (const { step, tried } of decision.tried) this.tries.learn(this.#stepName(step), tried);
    const refused = this.#progress.apply(decision, outcome, time);
    // What they end may have been all that was left.
    if (outcome.refused.size > 0) this.#hasReady = true;
    for (const step of refused) for (const view of this.#pods.get(step)?.active ?? []) this.#disposal.discard(view);
    for (const [step, version] of decision.judged) {
      const pods = this.#pods.get(step);
      pods?.settle(version);
      if ((pods?.version ?? 0) === version) this.#due.delete(step);
    }
    for (const step of this.#due) if (!this.#progress.active.has(step)) this.#due.delete(step);
    for (const [step, at] of decision.wakes) this.#wakes.set(step, at);
    this.#block(decision, outcome, now);
    for (const { step } of decision.confirm) this.#due.add(step);
    for (const step of [...decision.started.keys(), ...decision.create.map((creation) => creation.step)]) this.#changed.add(step);
    for (const [step, { isVisible }] of decision.changes) if (isVisible) this.#changed.add(step);
    if (decision.record) for (const step of decision.judged.keys()) this.#unrecorded.add(step);
    for (const step of [...decision.ended.keys(), ...refused]) this.#end(step);
    this.#disposal.judge((view) => this.#isJudged(view));
    this.#tell(decision, now);
  }

  /** Takes in the budgets of its namespace: the same list as long as none has changed. */
  observeBudgets(budgets: readonly Budget[], now: number): void {
    if (budgets === this.#budgets) return;
    this.#budgets = budgets;
    const condition = evictableBy(budgets, this.#run, this.plan, now);
    // What is as it should be is said only where it was said that it wasn't.
    if (condition.status === "False" || this.#conditions.some(({ type }) => type === evictable)) this.#setCondition(condition);
  }

  /** Whether there is more to decide at once. */
  isDue(now: number): boolean {
    return !this.hasEnded && (this.#hasReady || this.#due.size > 0 || this.nextWake <= now);
  }

  /** When to decide again even if nothing changes; milliseconds since 1970, Infinity for never. */
  get nextWake(): number {
    return Math.min(this.#wakes.next, this.unremoved.next, this.unconfirmed.next);
  }

  /** Pods to delete, and those deleted for good. */
  get disposal(): Disposal {
    return this.#disposal;
  }

  /** Has what was blocked tried again at once: something is gone that may have been in the way. */
  unblock(): void {
    for (const [step, blocked] of this.#blocked) {
      this.#blocked.set(step, { ...blocked, retryAt: 0 });
      this.#due.add(step);
    }
  }

  /** Notes the Pipeline that the run has taken, as it was. */
  resolve(pipeline: PipelineSpec): void {
    this.#top = { ...this.#top, pipeline };
  }

  /** Says that the status has no room for entries any more: nothing can be built on what can't be written, so that the run ends. */
  overflow(entries: number): void {
    this.#isFull = true;
    const message = `the status has no room for what became of ${entries} steps: have fewer steps, or shorter outputs`;
    this.#failure ??= message;
    this.#wakes.run = 0;
    if (this.hasEnded) this.#top = { ...this.#top, message: [this.#top.message, message].filter(Boolean).join("; ") };
  }

  /** Says in the status what keeps the run from going on; undefined: nothing. */
  setMessage(message: string | undefined): void {
    if (message === this.#message) return;
    this.#message = message;
    this.#top = { ...this.#top, message: message ?? null };
  }

  get hasUnwritten(): boolean {
    return this.#progress.unrecorded.size + this.#changed.size + Object.keys(this.#top).length > 0;
  }

  /** What the written status lacks, and the steps of which it tells. */
  takeUnwritten(): { change: StatusChange; steps: number[] } {
    const entries: [string, StepStatus][] = [];
    for (const step of this.#changed) {
      const progress = this.#progress.active.get(step);
      if (progress !== undefined) entries.push([this.#stepName(step), progress.entry(this.#pods.get(step)?.activeCount ?? 0)]);
    }
    for (const [step, entry] of this.#progress.unrecorded) entries.push([this.#stepName(step), entry]);
    const steps = [...this.#changed, ...this.#progress.unrecorded.keys()];
    const written = entries.length > 0 && !this.#isFull ? { steps: Object.fromEntries(entries) } : {};
    const change = { ...this.#top, ...(steps.length > 0 ? { progress: this.#progressText() } : {}), ...written };
    this.#disposal.writing();
    return { change, steps };
  }

  /** Says that what was taken has been written, which may let something start. */
  recorded(steps: readonly number[]): void {
    const before = this.#progress.ready.size;
    for (const step of steps) {
      this.#changed.delete(step);
      const progress = this.#progress.active.get(step);
      if (progress !== undefined) progress.isRecorded = true;
    }
    // What waited for that.
    for (const step of this.#unrecorded) this.#due.add(step);
    this.#unrecorded.clear();
    this.#top = {};
    this.#disposal.recorded();
    this.#progress.recorded(steps);
    if (this.#progress.ready.size > before) this.#hasReady = true;
  }

  #block(decision: Decision, { blocked, deferred: untried, made }: Outcome, now: number): void {
    // What was taken to be blocked is there.
    for (const [step, { adopted }] of decision.changes) if (adopted.length > 0 && this.#blocked.delete(step)) this.#due.add(step);
    // What it says it waits for has to be said anew.
    for (const { step } of made) if (this.#blocked.delete(step)) this.#due.add(step);
    for (const [step, message] of blocked) {
      const before = made.size > 0 && [...made].some((creation) => creation.step === step) ? undefined : this.#blocked.get(step);
      this.#blocked.set(step, blockedAgain(before, message, now));
    }
    for (const [step, message] of untried) this.#blocked.set(step, deferred(this.#blocked.get(step), message, now));
    for (const step of [...blocked.keys(), ...untried.keys()]) {
      const state = this.#blocked.get(step);
      this.#wakes.set(step, state?.retryAt ?? now);
      this.#changed.add(step);
      const progress = this.#progress.active.get(step);
      if (progress !== undefined) progress.message = state?.message;
      // Its time limit may be over before.
      this.#due.add(step);
    }
    for (const step of decision.ended.keys()) this.#blocked.delete(step);
  }

  /** Takes in what a pod carries of steps that had ended before it was created. */
  #recall(record: string): void {
    const entries = parseRecord(record);
    this.tries.learnAll(entries);
    for (const [name, entry] of Object.entries(entries)) {
      const index = this.plan.byName.get(name);
      if (index !== undefined) this.#progress.recall(index, entry);
    }
  }

  #isJudged({ step, item, try: number }: TryView): boolean {
    const progress = this.#progress.active.get(this.plan.byName.get(step) ?? -1);
    if (progress === undefined) return this.#progress.ended(this.plan.byName.get(step) ?? -1) !== undefined;
    return progress.hasEnded(item) || (progress.retries.get(item)?.tries ?? 0) >= number;
  }

  #end(step: number): void {
    this.#changed.delete(step);
    this.#due.delete(step);
    this.#wakes.delete(step);
    this.#blocked.delete(step);
    this.#pods.delete(step);
  }

  /** What the run's own status says of a decision. */
  #tell({ problems, outcome, end, wakeAt }: Decision, now: number): void {
    this.#wakes.run = wakeAt ?? Infinity;
    const [first] = [...this.#blocked].sort(([a], [b]) => a - b);
    this.setMessage(first?.[1].message ?? this.unremoved.message ?? this.unconfirmed.message);
    const isInvalid = this.#conditions.some(({ type, status }) => type === "Valid" && status === "False");
    if (problems.length > 0 && !isInvalid) this.#setCondition(valid(this.#run, now, problems));
    if (outcome !== undefined) this.#top = { ...this.#top, outcome };
    if (end === undefined) return;
    this.hasEnded = true;
    this.#top = { ...this.#top, phase: end.phase, finishedAt: new Date(now).toISOString(), message: end.message ?? null };
  }

  #setCondition(condition: Condition): void {
    const conditions = withCondition(this.#conditions, condition);
    if (conditions === this.#conditions) return;
    this.#conditions = conditions;
    this.#top = { ...this.#top, conditions: [...conditions] };
  }

  /** The step of a pod that the run has made: it has the name that the run gives it, too. */
  #indexOf(view: TryView): number | undefined {
    const index = this.plan.byName.get(view.step);
    if (index === undefined || view.kind !== this.kindOf(index)) return undefined;
    return view.name === this.nameOf(index, view.item, view.try) ? index : undefined;
  }

  /** A try as its step sees it, and which of its objects are kept where the step says that. */
  #judged(seen: TryView, index: number): { view: TryView; keep: PipelineSpec["keepPods"] } {
    const spec = this.plan.steps[index]?.spec;
    if (spec === undefined || seen.kind === undefined) return { view: seen, keep: undefined };
    return { view: kindOf(spec).judged(seen, spec), keep: spec.keep ?? "never" };
  }

  #stepName(step: number): string {
    return this.plan.steps[step]?.name ?? "";
  }

  #podsOf(step: number): StepPods {
    let pods = this.#pods.get(step);
    if (pods === undefined) this.#pods.set(step, (pods = new StepPods()));
    return pods;
  }

  #progressText(): string {
    return `${this.#progress.endedCount}/${this.plan.steps.length}`;
  }
}
