import type { Amounts } from "@plimsoll/model";
import * as z from "zod";
import type { Current } from "../decide/recommend.ts";
import type { Sized } from "../decide/status.ts";
import { History, type HistoryOptions } from "../estimate/history.ts";
import type { SizedContainer, SizedPod } from "../observe/pod.ts";
import type { Sample } from "../observe/sample.ts";
import { keyOf, type Workload } from "../observe/workload.ts";

/** Pods that were killed, which are remembered so that none counts twice. */
const mostKilled = 100;

const amounts = z.partialRecord(z.enum(["cpu", "memory"]), z.number().nonnegative());
const instant = z.int().nonnegative();

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
  samples: z.int().nonnegative(),
  since: instant.optional(),
  seenAt: instant.optional(),
  kills: z.int().nonnegative(),
  killedAt: instant.optional(),
  history: z.unknown(),
});

/** What is known of the containers of one name in a workload's pods. */
export class ContainerRecord {
  readonly workload: Workload;
  readonly container: string;
  readonly #history: History;
  /** Up to when what is known was read, and not seen here: what is not newer is in it. */
  #readUpTo = -Infinity;
  #killsReadUpTo = -Infinity;
  #samples = 0;
  #since: number | undefined;
  #seenAt: number | undefined;
  #kills = 0;
  #killedAt: number | undefined;
  /** By pods' UIDs, the last kill that was counted. */
  readonly #killed = new Map<string, number>();
  #current: Current = { requests: {}, limits: {}, isOptedOut: false };
  #pods = 0;
  #newest: SizedPod | undefined;

  constructor(workload: Workload, container: string, history: History) {
    this.workload = workload;
    this.container = container;
    this.#history = history;
  }

  get key(): string {
    return keyOf(this.workload, this.container);
  }

  /** Reads what was written; undefined: it isn't one. */
  static read(namespace: string, text: string, options: HistoryOptions): ContainerRecord | undefined {
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch {
      return undefined;
    }
    const { data: read } = checkpoint.safeParse(data);
    if (read === undefined) return undefined;
    const { apiVersion, kind, name, step, container } = read;
    const history = History.read(read.history, options);
    if (history === undefined) return undefined;
    const record = new ContainerRecord({ apiVersion, kind, namespace, name, step }, container, history);
    record.#samples = read.samples;
    record.#since = read.since;
    record.#seenAt = read.seenAt;
    record.#readUpTo = read.seenAt ?? -Infinity;
    record.#kills = read.kills;
    record.#killedAt = read.killedAt;
    record.#killsReadUpTo = read.killedAt ?? -Infinity;
    record.#current = { requests: read.requests as Amounts, limits: read.limits as Amounts, isOptedOut: false };
    return record;
  }

  /** Whether another knows more. */
  isBehind(other: ContainerRecord): boolean {
    return other.#samples > this.#samples || (other.#samples === this.#samples && other.#kills > this.#kills);
  }

  /** Begins a round: which pods there are is said anew. */
  begin(): void {
    this.#pods = 0;
    this.#newest = undefined;
  }

  /** A pod that there is. */
  count(pod: SizedPod, { requests, limits }: SizedContainer): void {
    this.#pods += 1;
    if (this.#newest !== undefined && this.#newest.createdAt >= pod.createdAt) return;
    this.#newest = pod;
    this.#current = { requests, limits, isOptedOut: pod.shape.isOptedOut };
  }

  /** What its container used in a pod. */
  sample({ at, cpu, memory }: Sample): void {
    if (at <= this.#readUpTo) return;
    this.#samples += 1;
    this.#since = Math.min(this.#since ?? at, at);
    this.#seenAt = Math.max(this.#seenAt ?? at, at);
    this.#history.sample(at, { cpu, memory });
  }

  /** It was killed for want of memory in a pod of this UID; whether that is new. */
  kill(uid: string, at: number, { requests, limits }: SizedContainer): boolean {
    if (at <= this.#killsReadUpTo || (this.#killed.get(uid) ?? -Infinity) >= at) return false;
    this.#killed.set(uid, at);
    // Pods of long ago are not seen again.
    for (const oldest of this.#killed.keys()) {
      if (this.#killed.size <= mostKilled) break;
      this.#killed.delete(oldest);
    }
    this.#kills += 1;
    this.#killedAt = Math.max(this.#killedAt ?? at, at);
    // It had at least that: the kernel kills at the limit, and where there is none, on a node that is short, those above their request.
    this.#history.kill(at, limits["memory"] ?? requests["memory"] ?? 0);
    return true;
  }

  /** Whether it has no pods, and was not seen for so long; without samples, at once. */
  isForgotten(now: number, after: number): boolean {
    const last = Math.max(this.#seenAt ?? -Infinity, this.#killedAt ?? -Infinity);
    return this.#pods === 0 && now - last > after;
  }

  /** What is known, as of a moment. */
  sized(now: number): Sized {
    return {
      key: this.key,
      workload: this.workload,
      container: this.container,
      pods: this.#pods,
      current: this.#current,
      known: this.#history.known(now, this.#since, this.#samples),
      since: this.#since,
      seenAt: this.#seenAt,
      kills: this.#kills,
      killedAt: this.#killedAt,
    };
  }

  /** What `read` reads; undefined: there is nothing to be kept. */
  write(): string | undefined {
    if (this.#samples === 0 && this.#kills === 0) return undefined;
    const { apiVersion, kind, name, step } = this.workload;
    const { requests, limits } = this.#current;
    const written: z.input<typeof checkpoint> = {
      version: 1,
      apiVersion,
      kind,
      name,
      step,
      container: this.container,
      requests,
      limits,
      samples: this.#samples,
      since: this.#since,
      seenAt: this.#seenAt,
      kills: this.#kills,
      killedAt: this.#killedAt,
      history: this.#history.write(),
    };
    return JSON.stringify(written);
  }
}
