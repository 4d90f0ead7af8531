import type { PodView } from "@plimsoll/model";
import type { DrainRequest } from "./request.ts";

/** Whether a pod is one that ends by itself: of a Job, of another kind of job, or of a pipeline's step. */
export function isOfJob({ owner }: PodView): boolean {
  return owner !== undefined && (owner.kind.endsWith("Job") || owner.kind === "PipelineRun");
}

/**
 * Whether a pod is given time to end by itself (`until` then), or moved at once: `first`, since it would not have ended in time and loses
 * the more the longer it is left. Undefined: it is no job's, or its time is over.
 */
export type JobTime = { kind: "waits"; until: number } | { kind: "first" } | undefined;

/** Knows how long jobs take, by their limits and by their siblings that have ended. */
export class JobTimes {
  readonly #request: DrainRequest;
  readonly #medians = new Map<string, number | undefined>();

  constructor(request: DrainRequest) {
    this.#request = request;
  }

  of(pod: PodView, jobsUntil: number): JobTime {
    const { now, jobDeadline } = this.#request;
    if (!isOfJob(pod) || now >= jobsUntil) return undefined;
    // It has done nothing yet that would be lost.
    if (pod.startedAt === undefined) return { kind: "first" };
    const limits = [pod.shape.deadline === undefined ? undefined : pod.startedAt + pod.shape.deadline * 1000, jobDeadline?.(pod)];
    const end = Math.min(...limits.map((limit) => limit ?? Number.POSITIVE_INFINITY));
    if (end <= jobsUntil) return { kind: "waits", until: Math.max(end, now) };
    const usual = this.#median(pod);
    const isInTime = usual === undefined ? end === Number.POSITIVE_INFINITY : pod.startedAt + usual <= jobsUntil;
    return isInTime ? { kind: "waits", until: jobsUntil } : { kind: "first" };
  }

  /** How long siblings took that succeeded: in a pipeline's run, those of the same step. */
  #median(pod: PodView): number | undefined {
    const owner = pod.owner?.uid ?? "";
    const step = stepOf(pod);
    const key = `${owner}/${step}`;
    if (this.#medians.has(key)) return this.#medians.get(key);
    const durations: number[] = [];
    for (const sibling of this.#request.cluster.podsOf(owner)) {
      const { phase, startedAt, finishedAt } = sibling;
      if (phase !== "Succeeded" || startedAt === undefined || finishedAt === undefined || stepOf(sibling) !== step) continue;
      durations.push(finishedAt - startedAt);
    }
    const median = durations.sort((a, b) => a - b)[Math.floor(durations.length / 2)];
    this.#medians.set(key, median);
    return median;
  }
}

function stepOf({ shape }: PodView): string {
  return shape.labels["plimsoll.dev/step"] ?? "";
}
