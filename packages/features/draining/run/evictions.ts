import { ApiError, isConflict, isNotFound, isRefusedByBudget, type FairLimiter } from "@plimsoll/kube";
import type { PodView } from "@plimsoll/model";
import type { Refusal } from "../decide/blocker.ts";
import type { DrainView } from "../decide/drain-view.ts";
import type { DrainingMetrics } from "../metrics.ts";
import type { DrainingRuntime } from "../permissions.ts";
import { isOver, type DrainRequest, type Eviction } from "../plan/index.ts";
import { toldOfDeletion } from "../told.ts";

interface Hands extends Pick<DrainingRuntime, "client" | "clock" | "events" | "log" | "retried"> {
  limiter: FairLimiter;
  metrics: DrainingMetrics;
  /** Called back with each answer. */
  onAnswer: () => void;
}

/** Evictions that are asked for at once. */
const width = 32;

/** From one request for an eviction that is refused to the next; milliseconds. */
const pause = { first: 1_000, longest: 30_000 };

/** The evictions and deletions of pods that were asked for, and what the API server said to them. */
export class Evictions {
  readonly #hands: Hands;
  /** Those that no answer has come to yet, by the pod's UID: they may be accepted any moment. */
  readonly #asked = new Map<string, { eviction: Eviction; done: Promise<void> }>();
  #inFlight: Eviction[] = [];
  readonly #refusals = new Map<string, Refusal>();
  readonly #deleted = new Set<string>();

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  get refusals(): ReadonlyMap<string, Refusal> {
    return this.#refusals;
  }

  get deleted(): ReadonlySet<string> {
    return this.#deleted;
  }

  /** Those that were accepted, or may be, and aren't over. */
  inFlight(known: Pick<DrainRequest, "cluster" | "budgets" | "now">): readonly Eviction[] {
    this.#inFlight = this.#inFlight.filter((eviction) => !isOver(eviction, known));
    for (const kept of [this.#refusals, this.#deleted])
      for (const uid of kept.keys()) if (known.cluster.pod(uid) === undefined) kept.delete(uid);
    return [...this.#inFlight, ...[...this.#asked.values()].map(({ eviction }) => eviction)];
  }

  /** Asks for an eviction, and doesn't wait for the answer: an admission webhook or a busy server may take its time. */
  evict(eviction: Eviction, signal: AbortSignal): void {
    const { uid, namespace, name } = eviction.pod;
    // What doesn't go now is planned again with the next answer, by what is known then.
    if (this.#asked.has(uid) || this.#asked.size >= width) return;
    const done = this.#ask(eviction, signal)
      .catch((error: unknown) => {
        if (!signal.aborted) this.#hands.retried(`the eviction of ${namespace}/${name}`, error);
      })
      .finally(() => {
        this.#asked.delete(uid);
        this.#hands.onAnswer();
      });
    this.#asked.set(uid, { eviction, done });
  }

  /** Resolves when all that was asked has been answered. */
  async answered(): Promise<void> {
    await Promise.all([...this.#asked.values()].map(({ done }) => done));
  }

  async #ask(eviction: Eviction, signal: AbortSignal): Promise<void> {
    const { client, clock, limiter, metrics } = this.#hands;
    const { namespace, name, uid } = eviction.pod;
    await limiter.acquire("", signal);
    try {
      await client("pods/eviction").create({ metadata: { namespace, name }, deleteOptions: { preconditions: { uid } } }, { signal });
      this.#inFlight.push({ ...eviction, at: clock.now() });
      this.#refusals.delete(uid);
      metrics.evicted("accepted");
    } catch (error) {
      signal.throwIfAborted();
      // It is gone, or another has its name.
      if (isNotFound(error) || isConflict(error)) return metrics.evicted("absent");
      if (!(error instanceof ApiError)) throw error;
      metrics.evicted(isRefusedByBudget(error) ? "refused" : "failed");
      this.#refuse(uid, error);
    }
  }

  /** Deletes a pod without asking its budgets. */
  async remove(pod: PodView, drain: DrainView, signal: AbortSignal): Promise<void> {
    const { client, events, limiter, log, metrics } = this.#hands;
    const { namespace, name, uid } = pod;
    await limiter.acquire("", signal);
    try {
      await client("pods").delete({ namespace, name }, { preconditions: { uid }, signal });
    } catch (error) {
      signal.throwIfAborted();
      if (!isNotFound(error) && !isConflict(error)) throw error;
      return;
    }
    this.#deleted.add(uid);
    metrics.deleted();
    log.warn({ drain: drain.name, namespace, pod: name, node: pod.node }, "a pod was deleted, as it could not be evicted in time");
    events.record(toldOfDeletion(pod, drain));
  }

  #refuse(uid: string, error: ApiError): void {
    const times = (this.#refusals.get(uid)?.times ?? 0) + 1;
    const wait = Math.max(Math.min(pause.first * 2 ** (times - 1), pause.longest), (error.retryAfter ?? 0) * 1_000);
    const cause = error.details?.causes.find(({ reason }) => reason === "DisruptionBudget")?.message;
    this.#refusals.set(uid, { code: error.code, message: cause ?? error.message, times, until: this.#hands.clock.now() + wait });
  }
}
