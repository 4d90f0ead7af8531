import type { Job } from "kubernetes-types/batch/v1.d.ts";
import type { Decision } from "../decision.ts";
import type { Engine } from "../engine.ts";
import { labels, type JobView, type PodView } from "../view.ts";
import { activePod } from "./active-pod.ts";

/** How often an item's pod fails before one succeeds, and what that one writes. */
export type Outcome = (step: string, item: number) => { failures: number; output?: string };

/** Gives a whole number from 0 up to, but not including, the one given. */
export type Choose = (below: number) => number;

interface WorldJob {
  view: JobView;
  retries: number;
  items: number;
  succeeded: number;
  failed: number;
}

/**
 * A small model of the Job controller and of two watches. What is created runs, fails as often as the outcome says, and is tried
 * again up to its limit. Each watch tells its objects' changes in order, but neither waits for the other.
 */
export class World {
  readonly #outcome: Outcome;
  /** Whether the next creation is in vain. */
  readonly #isHindered: () => boolean;
  readonly #jobs = new Map<string, WorldJob>();
  readonly #pods = new Map<string, PodView>();
  readonly #failures = new Map<string, number>();
  #untold: { jobs: { view: JobView; gone: boolean }[]; pods: { view: PodView; gone: boolean }[] } = { jobs: [], pods: [] };
  #time = 0;
  /** Every Job that was ever created, in order. */
  readonly created: string[] = [];

  constructor(outcome: Outcome, isHindered: () => boolean) {
    this.#outcome = outcome;
    this.#isHindered = isHindered;
  }

  /** Whether nothing will happen any more unless a Job is created. */
  get idle(): boolean {
    return this.running.length === 0 && this.#untold.jobs.length + this.#untold.pods.length === 0;
  }

  get running(): PodView[] {
    return [...this.#pods.values()].filter(({ phase }) => phase === "active");
  }

  /** By step and item, how often a pod has failed. */
  get failures(): ReadonlyMap<string, number> {
    return this.#failures;
  }

  /** Carries out a decision as the controller does, and gives the steps of which Jobs can't be created for now. Throws when a Job is created twice. */
  act(decision: Decision, engine: Engine): Map<number, string> {
    const hindered = new Map<number, string>();
    for (const name of decision.remove) this.delete(name);
    for (const { step, job } of decision.create) {
      if (hindered.has(step)) continue;
      if (this.#isHindered()) hindered.set(step, "exceeded quota");
      else engine.created(this.#create(job));
    }
    for (const step of decision.confirm) {
      for (const pod of this.#pods.values()) if (pod.step === engine.plan.steps[step]?.name) engine.pod(pod);
      engine.confirmed(step, engine.unseen(step));
    }
    return hindered;
  }

  /** One thing happens: a pod ends, or a watch tells a change. */
  tick(choose: Choose, engine: Engine): void {
    const running = this.running;
    const deeds = [
      ...running.map((pod) => () => this.#end(pod)),
      ...(this.#untold.jobs.length > 0 ? [() => this.#tell(this.#untold.jobs, (view, gone) => engine.job(view, gone))] : []),
      ...(this.#untold.pods.length > 0 ? [() => this.#tell(this.#untold.pods, (view, gone) => engine.pod(view, gone))] : []),
    ];
    deeds[choose(deeds.length)]?.();
  }

  /** Tells a new engine all that there is, as a fresh list does; what the old one was not told is lost. */
  list(engine: Engine): void {
    this.#untold = { jobs: [], pods: [] };
    for (const { view } of this.#jobs.values()) engine.job(view);
    for (const pod of this.#pods.values()) engine.pod(pod);
  }

  /** Someone deletes a Job and with it its pods. */
  delete(name: string): void {
    const job = this.#jobs.get(name);
    if (job === undefined) return;
    this.#jobs.delete(name);
    this.#untold.jobs.push({ view: job.view, gone: true });
    for (const pod of this.#pods.values()) {
      if (!isOf(pod, job.view)) continue;
      this.#pods.delete(pod.name);
      this.#untold.pods.push({ view: pod, gone: true });
    }
  }

  #create(job: Job): JobView {
    const name = job.metadata?.name ?? "";
    if (this.created.includes(name)) throw new Error(`${name} is created twice`);
    const own = job.metadata?.labels ?? {};
    const indexed = job.spec?.completionMode === "Indexed";
    const view: JobView = {
      namespace: "ns",
      name,
      run: own[labels.run] ?? "",
      runUid: own[labels.runUid] ?? "",
      step: own[labels.step] ?? "",
      item: indexed ? undefined : Number(own[labels.item] ?? 0),
      createdAt: this.#now(),
      failure: undefined,
      complete: false,
      deleting: false,
      failedItems: 0,
    };
    const items = job.spec?.completions ?? 1;
    this.created.push(name);
    this.#jobs.set(name, { view, items, retries: job.spec?.backoffLimit ?? job.spec?.backoffLimitPerIndex ?? 0, succeeded: 0, failed: 0 });
    this.#untold.jobs.push({ view, gone: false });
    for (let index = 0; index < items; index += 1) this.#start(view, view.item ?? index);
    return view;
  }

  #start(job: JobView, item: number): void {
    const attempt = this.#failures.get(`${job.step}/${item}`) ?? 0;
    this.#put(activePod({ name: `${job.name}-${item}-${attempt}`, run: job.run, runUid: job.runUid, step: job.step, item }));
  }

  #end(pod: PodView): void {
    const job = [...this.#jobs.values()].find(({ view }) => isOf(pod, view));
    if (job === undefined) return;
    const key = `${pod.step}/${pod.item}`;
    const before = this.#failures.get(key) ?? 0;
    const { failures, output = "" } = this.#outcome(pod.step, pod.item);
    const failed = before < failures;
    this.#put({
      ...pod,
      phase: failed ? "failed" : "succeeded",
      written: { text: failed ? "" : output, limit: 4096 },
      problem: failed ? `exit code ${before + 1}` : undefined,
      finishedAt: this.#now(),
    });
    if (failed) this.#failures.set(key, before + 1);
    if (failed && before < job.retries) return this.#start(job.view, pod.item);
    job[failed ? "failed" : "succeeded"] += 1;
    if (job.succeeded + job.failed < job.items) return;
    job.view = {
      ...job.view,
      failedItems: job.view.item === undefined ? job.failed : 0,
      complete: job.failed === 0,
      failure: job.failed > 0 ? { reason: "BackoffLimitExceeded", message: "gave up" } : undefined,
    };
    this.#untold.jobs.push({ view: job.view, gone: false });
  }

  #put(pod: PodView): void {
    this.#pods.set(pod.name, pod);
    this.#untold.pods.push({ view: pod, gone: false });
  }

  #tell<T>(queue: { view: T; gone: boolean }[], to: (view: T, gone: boolean) => void): void {
    const [event] = queue.splice(0, 1);
    if (event) to(event.view, event.gone);
  }

  #now(): string {
    this.#time += 1;
    return new Date(this.#time * 1000).toISOString();
  }
}

function isOf(pod: PodView, job: JobView): boolean {
  return pod.name.startsWith(`${job.name}-`) && pod.step === job.step && (job.item === undefined || job.item === pod.item);
}
