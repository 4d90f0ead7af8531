import {
  isBatch,
  keyOf,
  sizedResources,
  Tries,
  triesSchema,
  UsageHistory,
  type Estimate,
  type Rejection,
  type SizedContainer,
  type SizedPod,
  type Sizing,
  type Workload,
} from "@plimsoll/model/sizing";
import * as z from "zod";
import type { Current, Known } from "../decide/recommend.ts";
import type { Sized } from "../decide/status.ts";
import type { Sample } from "../observe/sample.ts";

const amounts = z.object({ cpu: z.number().nonnegative().optional(), memory: z.number().nonnegative().optional() });

/** What is written of a record. */
const checkpoint = z.object({
  version: z.literal(1),
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  step: z.string().optional(),
  container: z.string(),
  requests: amounts,
  limits: amounts,
  isOptedOut: z.boolean().default(false),
  whole: z.array(z.enum(sizedResources)).default([]),
  history: z.unknown(),
  tries: triesSchema.optional(),
});

/** What is known of the containers of one name in a workload's pods. */
export class ContainerRecord {
  readonly workload: Workload;
  readonly container: string;
  readonly #history: UsageHistory;
  readonly #sizing: Sizing;
  /** Of what is made to come to an end, how the last ones went: requests go by that. */
  readonly #tries: Tries | undefined;
  /** The UIDs of the pods that there are, where tries are of them. */
  readonly #running = new Set<string>();
  #current: Current = { requests: {}, limits: {}, isOptedOut: false, whole: [] };
  #pods = 0;
  #newest: SizedPod | undefined;
  /** When the pod was made whose requests are the current ones. */
  #currentSince = -Infinity;
  /** Whether a pod that is still there tells of a kill. */
  #isTold = false;

  constructor(workload: Workload, container: string, sizing: Sizing, { history = new UsageHistory(sizing), tries = new Tries() } = {}) {
    this.workload = workload;
    this.container = container;
    this.#sizing = sizing;
    this.#history = history;
    this.#tries = isBatch(workload) ? tries : undefined;
  }

  get key(): string {
    return keyOf(this.workload, this.container);
  }

  /** Reads what was written; undefined: it isn't that, was made by other settings, or tells of times that are still to come. */
  static read(namespace: string, text: string, sizing: Sizing, now: number): ContainerRecord | undefined {
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch {
      return undefined;
    }
    const { data: read } = checkpoint.safeParse(data);
    const history = read && UsageHistory.read(read.history, sizing, now);
    if (read === undefined || history === undefined) return undefined;
    const { apiVersion, kind, name, step, container, requests, limits, isOptedOut, whole } = read;
    const workload = { apiVersion, kind, namespace, name, step };
    const record = new ContainerRecord(workload, container, sizing, { history, tries: new Tries(read.tries) });
    record.#current = { requests: present(requests), limits: present(limits), isOptedOut, whole };
    return record;
  }

  /** Whether another knows more. */
  isBehind(other: ContainerRecord): boolean {
    const [own, others] = [this.#history.extent, other.#history.extent];
    return others.samples > own.samples || (others.samples === own.samples && others.ooms > own.ooms);
  }

  /** Pods that there are. */
  get pods(): number {
    return this.#pods;
  }

  /** When its use was seen last. */
  get seenAt(): number | undefined {
    return this.#history.extent.seenAt;
  }

  /** Begins a round: which pods there are is said anew. */
  begin(): void {
    this.#pods = 0;
    this.#newest = undefined;
    this.#isTold = false;
    this.#running.clear();
  }

  /** Ends a round, in which all was told. */
  end(): void {
    this.#tries?.end((uid) => this.#running.has(uid));
  }

  /** A pod that there is. */
  count(pod: SizedPod, { requests, limits }: SizedContainer): void {
    this.#pods += 1;
    if (this.#tries !== undefined) this.#running.add(pod.uid);
    if (this.#newest !== undefined && this.#newest.createdAt >= pod.createdAt) return;
    this.#newest = pod;
    this.#describe(pod, { requests, limits });
  }

  /** What its container used in a pod; gives why that was not taken in. */
  sample(pod: SizedPod, { at, cpu, memory }: Sample, now: number): Rejection | undefined {
    const rejection = this.#history.sample(pod.uid, at, { cpu, memory }, now);
    const container = pod.shape.containers.find(({ name }) => name === this.container);
    if (rejection === undefined) this.#tries?.sample(pod, { cpu, memory }, limitOf(container));
    return rejection;
  }

  /** It was killed for want of memory in a pod; whether that is new. */
  kill(pod: SizedPod, at: number, container: SizedContainer, now: number): boolean {
    const { uid } = pod;
    this.#isTold = true;
    // Of what has no other pod yet, that says what it asks for.
    if (pod.createdAt >= this.#currentSince) this.#describe(pod, container);
    const limit = limitOf(container);
    const rejection = this.#history.oom(uid, at, limit, now);
    // A limit that no node has says nothing of what it used.
    const had = rejection === "Implausible" ? 0 : limit;
    const isNew = rejection === undefined || (rejection === "Implausible" && this.#history.oom(uid, at, had, now) === undefined);
    if (isNew) this.#tries?.kill(uid, had);
    return isNew;
  }

  #describe(
    { createdAt, shape: { isOptedOut, whole } }: SizedPod,
    { requests, limits }: Pick<SizedContainer, "requests" | "limits">,
  ): void {
    this.#currentSince = createdAt;
    this.#current = { requests, limits, isOptedOut, whole };
  }

  /** Whether no pod that there is counts for it, nor tells of a kill, which would be new again if it were forgotten. */
  get isIdle(): boolean {
    return this.#pods === 0 && !this.#isTold;
  }

  /** Whether it is idle, and was not seen for so long; without samples, at once. */
  isForgotten(now: number, after: number): boolean {
    const { seenAt = -Infinity, oomAt = -Infinity } = this.#history.extent;
    return this.isIdle && now - Math.max(seenAt, oomAt) > after;
  }

  /** What is known. */
  sized(): Sized {
    const estimate = this.#history.estimate();
    return {
      key: this.key,
      workload: this.workload,
      container: this.container,
      pods: this.#pods,
      current: this.#current,
      known: knownOf({ ...estimate, ...this.#tries?.estimate(this.#sizing.given) }),
      since: estimate.since,
      seenAt: estimate.seenAt,
      kills: estimate.ooms,
      killedAt: estimate.oomAt,
    };
  }

  /** What `read` reads; undefined: there is nothing to be kept. */
  write(): string | undefined {
    const { samples, ooms } = this.#history.extent;
    if (samples === 0 && ooms === 0) return undefined;
    const { apiVersion, kind, name, step } = this.workload;
    const { requests, limits, isOptedOut, whole } = this.#current;
    const history = this.#history.write();
    const written: z.input<typeof checkpoint> = {
      version: 1,
      apiVersion,
      kind,
      name,
      step,
      container: this.container,
      requests,
      limits,
      isOptedOut,
      ...(whole.length > 0 && { whole: [...whole] }),
      history,
      ...(this.#tries && { tries: this.#tries.write() }),
    };
    return JSON.stringify(written);
  }
}

function knownOf({ cpu, memory, none, confidence, samples }: Estimate): Known {
  const use = (end: "target" | "lower" | "upper") => ({ cpu: cpu?.[end], memory: memory?.[end] });
  const estimate = none === undefined ? { target: use("target"), lower: use("lower"), upper: use("upper") } : undefined;
  return { samples, confidence, estimate };
}

/** How much memory it may use: the kernel kills at the limit, and where there is none, on a node that is short, those above their request. */
function limitOf(container: SizedContainer | undefined): number {
  return container?.limits["memory"] ?? container?.requests["memory"] ?? 0;
}

function present({ cpu, memory }: z.output<typeof amounts>): Current["requests"] {
  return { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
}
