import type { Written } from "./outputs.ts";
import type { JobView, PodView } from "./view.ts";

const nothing: Written = { text: "", limit: Infinity };

/**
 * What is known of one step's Jobs and pods, counted. A change of a pod costs the same however many items there are.
 * Changes may come twice, and in any order between objects; the tally built from a fresh list is the one built from changes,
 * but for what had been deleted by then.
 */
export class Tally {
  readonly #jobs = new Map<string, JobView>();
  readonly #gone = new Set<string>();
  readonly #pods = new Map<string, PodView>();
  /** What each item wrote that succeeded. */
  readonly #outputs = new Map<number, Written>();
  /** The pod that failed last of each item that has not succeeded. */
  readonly #failures = new Map<number, PodView>();
  /** Items whose own Job has been given up, or was deleted before they succeeded. */
  readonly #failed = new Set<number>();
  /** Items whose own Job is complete though no pod of theirs was seen to succeed. */
  readonly #unseen = new Set<number>();
  readonly #waiting = new Map<string, PodView>();
  /** What the last pod waited for that ended without having started, until another pod comes. */
  #inVain: string | undefined;
  #active = 0;
  #confirmed = false;
  #version = 0;

  /** Takes in a Job as it is now; `gone` where it has been deleted. */
  job(job: JobView, gone = false): void {
    this.#version += 1;
    this.#confirmed = false;
    if (gone) {
      this.#jobs.delete(job.name);
      this.#gone.add(job.name);
    } else {
      this.#jobs.set(job.name, job);
    }
    if (job.item === undefined || this.#outputs.has(job.item)) return;
    if (job.complete) this.#unseen.add(job.item);
    else if (gone || job.failure !== undefined) this.#failed.add(job.item);
  }

  /** Takes in a pod as it is now; `gone` where it has been deleted: what it had achieved remains. */
  pod(told: PodView, gone = false): void {
    this.#version += 1;
    const before = this.#pods.get(told.name);
    // While it is being deleted, a pod that never started looks as if it were about to.
    const pod = told.deleting && told.phase === "active" && told.problem === undefined ? { ...told, problem: before?.problem } : told;
    // A pod that has ended stays so: this is an older state of it, as a list and a watch may cross.
    if (!gone && before !== undefined && before.phase !== "active" && pod.phase === "active") return;
    if (before?.phase === "active") this.#active -= 1;
    const waited = this.#waiting.get(pod.name);
    this.#waiting.delete(pod.name);
    if (waited !== undefined && (gone || pod.phase !== "active")) this.#inVain = waited.problem;
    else if (!gone && before === undefined) this.#inVain = undefined;
    if (gone) {
      this.#pods.delete(pod.name);
    } else {
      this.#pods.set(pod.name, pod);
      if (pod.phase === "active") this.#active += 1;
      if (pod.phase === "active" && pod.problem !== undefined) this.#waiting.set(pod.name, pod);
    }
    if (pod.phase === "succeeded") this.#succeed(pod.item, pod.written);
    if (pod.phase === "failed") this.#fail(pod);
  }

  /** Says that every pod there is has been told since `unseen` gave these items: their pods are gone, and what they wrote with them. */
  confirm(unseen: Iterable<number>): void {
    this.#version += 1;
    this.#confirmed = true;
    for (const item of unseen) this.#succeed(item, nothing);
  }

  get unseen(): readonly number[] {
    return [...this.#unseen];
  }

  /** Grows with everything that is told. */
  get version(): number {
    return this.#version;
  }

  /** Whether all pods have been told since a Job changed last. */
  get confirmed(): boolean {
    return this.#confirmed;
  }

  /** How many items have a pod that succeeded. */
  get succeeded(): number {
    return this.#outputs.size;
  }

  /** How many pods have not ended. */
  get active(): number {
    return this.#active;
  }

  /** How many items' own Jobs have been given up or deleted. */
  get failed(): number {
    return this.#failed.size;
  }

  /** The first of the items that `failed` counts. */
  get firstFailed(): number | undefined {
    return least(this.#failed);
  }

  /** The Job of a step that has only one. */
  get onlyJob(): JobView | undefined {
    const [job] = this.#jobs.values();
    return job;
  }

  /** When the first Job was created, if there is one. */
  get createdAt(): string | undefined {
    let first: string | undefined;
    for (const { createdAt } of this.#jobs.values()) if (first === undefined || createdAt < first) first = createdAt;
    return first;
  }

  /** Why a pod waits that won't start by itself. */
  get problem(): string | undefined {
    const [first] = this.#waiting.values();
    return first?.problem;
  }

  /** The same, or why one waited until it was deleted: a Job whose time is over takes its pods with it. */
  get waitedFor(): string | undefined {
    return this.problem ?? this.#inVain;
  }

  /** How many Jobs there are. */
  get created(): number {
    return this.#jobs.size;
  }

  /** The names of the Jobs that have not ended. */
  *running(): Generator<string> {
    for (const { name, complete, failure, deleting } of this.#jobs.values())
      if (!complete && failure === undefined && !deleting) yield name;
  }

  /** Whether there is or was a Job of this name. */
  has(job: string): boolean {
    return this.#jobs.has(job) || this.#gone.has(job);
  }

  jobs(): Iterable<JobView> {
    return this.#jobs.values();
  }

  hasSucceeded(item: number): boolean {
    return this.#outputs.has(item);
  }

  /** What an item that succeeded wrote; nothing where its pod was never seen. */
  outputOf(item: number): Written {
    return this.#outputs.get(item) ?? nothing;
  }

  /** The last failed pod of an item that has not succeeded: of the item given, else of the first that has one. */
  failureOf(item = least(this.#failures.keys())): PodView | undefined {
    return item === undefined ? undefined : this.#failures.get(item);
  }

  #succeed(item: number, output: Written): void {
    if (!this.#outputs.has(item)) this.#outputs.set(item, output);
    this.#unseen.delete(item);
    this.#failed.delete(item);
    this.#failures.delete(item);
  }

  #fail(pod: PodView): void {
    if (this.#outputs.has(pod.item)) return;
    const before = this.#failures.get(pod.item);
    if (before === undefined || isLater(pod, before)) this.#failures.set(pod.item, pod);
  }
}

function least(numbers: Iterable<number>): number | undefined {
  let least: number | undefined;
  for (const number of numbers) if (least === undefined || number < least) least = number;
  return least;
}

/** By the time of its end, and by its name where the times are equal. */
function isLater(pod: PodView, than: PodView): boolean {
  return pod.finishedAt === than.finishedAt ? pod.name > than.name : pod.finishedAt > than.finishedAt;
}
