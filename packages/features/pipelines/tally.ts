import type { JobView, PodView } from "./view.ts";

/**
 * What is known of one step's Jobs and pods, counted. A change of a pod costs the same however many items there are;
 * changes may come twice or late, and the tally after a fresh list is the same as the one built from changes.
 */
export class Tally {
  readonly #jobs = new Map<string, JobView>();
  readonly #pods = new Map<string, PodView>();
  readonly #outputs = new Map<number, string>();
  readonly #waiting = new Map<string, PodView>();
  #active = 0;
  readonly #failed = new Set<number>();
  #lastFailure: PodView | undefined;

  /** Takes in a Job as it is now; `gone` where it has been deleted. */
  job(job: JobView, gone = false): void {
    if (gone) this.#jobs.delete(job.name);
    else this.#jobs.set(job.name, job);
    if (job.failure !== undefined && job.item !== undefined && !this.#outputs.has(job.item)) this.#failed.add(job.item);
  }

  /** Takes in a pod as it is now; `gone` where it has been deleted: what it had achieved remains. */
  pod(pod: PodView, gone = false): void {
    const before = this.#pods.get(pod.name);
    if (before?.phase === "active") this.#active -= 1;
    this.#waiting.delete(pod.name);
    if (gone) {
      this.#pods.delete(pod.name);
    } else {
      this.#pods.set(pod.name, pod);
      if (pod.phase === "active") this.#active += 1;
      if (pod.phase === "active" && pod.problem !== undefined) this.#waiting.set(pod.name, pod);
    }
    if (pod.phase === "succeeded") this.succeed(pod.item ?? 0, pod.message);
    if (pod.phase === "failed" && isLater(pod, this.#lastFailure)) this.#lastFailure = pod;
  }

  /** Counts an item as succeeded, with what it wrote; the first time holds. */
  succeed(item: number, output: string): void {
    if (!this.#outputs.has(item)) this.#outputs.set(item, output);
    this.#failed.delete(item);
  }

  /** Items that have a pod which succeeded. */
  get succeeded(): number {
    return this.#outputs.size;
  }

  /** Pods that have not ended. */
  get active(): number {
    return this.#active;
  }

  /** Items whose own Job has been given up. */
  get failed(): number {
    return this.#failed.size;
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

  has(job: string): boolean {
    return this.#jobs.has(job);
  }

  jobs(): Iterable<JobView> {
    return this.#jobs.values();
  }

  succeededItem(item: number): boolean {
    return this.#outputs.has(item);
  }

  /** The termination message of an item that succeeded. */
  outputOf(item: number): string {
    return this.#outputs.get(item) ?? "";
  }

  /** Why pods wait that won't start by themselves. */
  get problem(): string | undefined {
    const [first] = this.#waiting.values();
    return first?.problem;
  }

  /** The pod that failed last: by its time, and by its name where the times are equal. */
  get lastFailure(): PodView | undefined {
    return this.#lastFailure;
  }
}

function isLater(pod: PodView, than: PodView | undefined): boolean {
  if (than === undefined) return true;
  return pod.finishedAt === than.finishedAt ? pod.name >= than.name : pod.finishedAt > than.finishedAt;
}
