import type { Job } from "kubernetes-types/batch/v1.d.ts";
import type { Control, Decision } from "../decision.ts";
import type { Engine } from "../engine.ts";
import { labels, type JobView, type PodView } from "../view.ts";

/** How often an item's pod fails before one succeeds. */
export type Outcome = (step: string, item: number) => { failures: number; output?: string };

interface Attempt {
  job: string;
  item: number;
  step: string;
}

/** A small model of the Job controller: what is created runs, fails as often as the outcome says, and is tried again up to its limit. */
export class World {
  readonly #outcome: Outcome;
  readonly jobs = new Map<string, { view: JobView; limit: number; items: number }>();
  readonly pods = new Map<string, PodView>();
  /** Every Job that was ever created, in order. */
  readonly created: string[] = [];
  readonly #running: Attempt[] = [];
  readonly #failures = new Map<string, number>();
  readonly #ended = new Map<string, { succeeded: number; failed: number }>();
  #time = 0;

  constructor(outcome: Outcome) {
    this.#outcome = outcome;
  }

  get idle(): boolean {
    return this.#running.length === 0;
  }

  get failuresOf(): ReadonlyMap<string, number> {
    return this.#failures;
  }

  /** Carries out a decision, as far as the API server would. Throws when a Job is created twice. */
  act(decision: Decision, engine: Engine): void {
    for (const { job } of decision.create) engine.created(this.#create(job));
    for (const name of decision.remove) this.#remove(name);
  }

  #create(job: Job): JobView {
    const name = job.metadata?.name ?? "";
    if (this.jobs.has(name)) throw new Error(`${name} is created twice`);
    const own = job.metadata?.labels ?? {};
    const indexed = job.spec?.completionMode === "Indexed";
    const item = own[labels.item];
    const view: JobView = {
      namespace: "ns",
      name,
      run: own[labels.run] ?? "",
      runUid: own[labels.runUid] ?? "",
      step: own[labels.step] ?? "",
      item: indexed ? undefined : Number(item ?? 0),
      createdAt: this.#now(),
      failure: undefined,
      complete: false,
      deleting: false,
      failedItems: 0,
    };
    const items = job.spec?.completions ?? 1;
    this.created.push(name);
    this.jobs.set(name, { view, items, limit: job.spec?.backoffLimit ?? job.spec?.backoffLimitPerIndex ?? 0 });
    for (let index = 0; index < items; index += 1) this.#running.push({ job: name, step: view.step, item: indexed ? index : (view.item ?? 0) });
    return view;
  }

  #remove(name: string): void {
    this.jobs.delete(name);
    for (let index = this.#running.length - 1; index >= 0; index -= 1) if (this.#running[index]?.job === name) this.#running.splice(index, 1);
  }

  /** Ends one of the running pods, and tells the engine what a watch would; gives false when none runs. */
  tick(choose: (below: number) => number, engine: Engine): boolean {
    const [attempt] = this.#running.splice(choose(this.#running.length), 1);
    if (attempt === undefined) return false;
    const job = this.jobs.get(attempt.job);
    if (job === undefined) return true;
    const key = `${attempt.step}/${attempt.item}`;
    const failures = this.#failures.get(key) ?? 0;
    const outcome = this.#outcome(attempt.step, attempt.item);
    const failed = failures < outcome.failures;
    const pod: PodView = {
      namespace: "ns",
      name: `${attempt.job}-${attempt.item}-${failures}`,
      run: job.view.run,
      runUid: job.view.runUid,
      step: attempt.step,
      item: attempt.item,
      phase: failed ? "failed" : "succeeded",
      message: failed ? "" : (outcome.output ?? ""),
      problem: failed ? "exit code 1" : undefined,
      finishedAt: this.#now(),
    };
    this.pods.set(pod.name, pod);
    engine.pod(pod);
    if (failed) this.#failures.set(key, failures + 1);
    if (failed && failures < job.limit) this.#running.push(attempt);
    else this.#itemEnded(attempt.job, failed, engine);
    return true;
  }

  #itemEnded(name: string, failed: boolean, engine: Engine): void {
    const job = this.jobs.get(name);
    if (job === undefined) return;
    const ended = this.#ended.get(name) ?? { succeeded: 0, failed: 0 };
    ended[failed ? "failed" : "succeeded"] += 1;
    this.#ended.set(name, ended);
    if (ended.succeeded + ended.failed < job.items) return;
    job.view = { ...job.view, failedItems: ended.failed, complete: ended.failed === 0, failure: ended.failed > 0 ? { reason: "BackoffLimitExceeded", message: "gave up" } : undefined };
    engine.job(job.view);
  }

  /** Tells a new engine all that there is, as a fresh list does. */
  list(engine: Engine): void {
    for (const { view } of this.jobs.values()) engine.job(view);
    for (const pod of this.pods.values()) engine.pod(pod);
  }

  #now(): string {
    this.#time += 1;
    return new Date(this.#time * 1000).toISOString();
  }
}

/** What a run is told when nothing special happens. */
export const control: Omit<Control, "startedAt"> = { run: { namespace: "ns", name: "run", uid: "uid" }, now: 0, cancel: false };
