import { Cache } from "../cache/cache.ts";
import type { Clock } from "../clock/clock.ts";
import { ConnectionError, isAlreadyExists, isConflict, isNotFound } from "../errors.ts";
import { candidacy, granted, listed, nextStep, refused, seen, unlisted, type Candidacy, type Step } from "./election.ts";
import type { Durations } from "./durations.ts";
import type { Fence } from "./fence.ts";
import { held, holderOf, released, type StoredLease } from "./lease.ts";
import type { LeaseClient } from "./permissions.ts";

export interface CandidateOptions {
  /** One attempt a call: when to try again is decided here. */
  client: LeaseClient;
  ref: { namespace: string; name: string };
  identity: string;
  durations: Durations;
  fence: Fence;
  /** Every sign of life of the API server marks it. `at` is a moment of the clock's `monotonic`. */
  contact: { mark(): void; readonly at: number };
  clock: Clock;
  /** Told whenever another holds the lease, or nobody: then undefined. */
  onLeader: (identity: string | undefined) => void;
  /** Told once, when the lease is held and the fence stands. */
  onElected: () => void;
  /** Told of each request that failed; the candidate goes on. */
  onError: (error: unknown) => void;
}

/** One candidate of an election: does what `nextStep` says, until it has held the lease and lost it. */
export class Candidate {
  readonly #options: CandidateOptions;
  readonly #watching = new AbortController();
  #state: Candidacy;
  #wake = new AbortController();
  #leader: string | undefined;

  constructor(options: CandidateOptions) {
    this.#options = options;
    this.#state = candidacy(options.identity, options.durations, options.clock.monotonic());
  }

  /** Runs until `stop` aborts, and what is under way then has ended; or until the lease was lost: then it gives the reason. */
  async run(stop: AbortSignal): Promise<string | undefined> {
    const { clock, contact, fence } = this.#options;
    stop.addEventListener("abort", () => this.#wake.abort());
    const watch = this.#follow();
    try {
      while (!stop.aborted) {
        this.#wake = new AbortController();
        const now = clock.monotonic();
        this.#state = { ...this.#state, heardAt: contact.at };
        const step = nextStep(this.#state, now);
        if (step.do === "give up") {
          fence.fall();
          return step.reason;
        }
        if (step.do === "wait") await clock.sleep(step.until - now, this.#wake.signal).catch(() => {});
        else if (step.do === "list") await this.#list(step.timeout, now);
        else if (!(await this.#write(step, now))) return "the lease was renewed too late";
      }
      return undefined;
    } finally {
      this.#watching.abort();
      await watch;
    }
  }

  /**
   * Gives the lease back if it is held, so that another need not wait until it runs out; tries for `timeout` milliseconds.
   * `run` must have ended. The fence falls first.
   */
  async release(timeout: number): Promise<void> {
    const { fence, clock, client, identity, durations, onError } = this.#options;
    fence.fall();
    for (let now = clock.monotonic(), end = now + timeout; now < end; now = clock.monotonic()) {
      const lease = this.#state.observed?.lease;
      if (lease === undefined || holderOf(lease) !== identity) return;
      try {
        await this.#within(end - now, (signal) => client.update(released(lease, new Date(clock.now())), { signal }));
        return;
      } catch (error) {
        if (isConflict(error) || isNotFound(error)) await this.#list(end - now, now);
        else {
          onError(error);
          await clock.sleep(durations.retryPeriod);
        }
      }
    }
  }

  /** A follower is told of the lease by a watch; a holder knows it by the answers to its own writes. */
  async #follow(): Promise<void> {
    const { client, ref, clock, contact, onError } = this.#options;
    const cache = new Cache(client, {
      project: (lease) => lease,
      select: { namespace: ref.namespace, fieldSelector: `metadata.name=${ref.name}` },
      onError,
      clock,
    });
    const see = (lease: StoredLease | undefined): void => {
      contact.mark();
      if (!this.#watching.signal.aborted) this.#become(seen(this.#state, lease, clock.monotonic()));
    };
    cache.on(({ type, object }) => see(type === "delete" ? undefined : object));
    cache.synced.then(
      () => see(cache.get(ref.namespace, ref.name)),
      () => {},
    );
    await cache.start(this.#watching.signal);
  }

  async #list(timeout: number, askedAt: number): Promise<void> {
    const { client, ref, clock } = this.#options;
    try {
      const select = { namespace: ref.namespace, fieldSelector: `metadata.name=${ref.name}` };
      const [lease] = await this.#within(timeout, (signal) => Array.fromAsync(client.list({ ...select, signal })));
      this.#become(listed(this.#state, lease, askedAt, clock.monotonic()));
    } catch (error) {
      this.#options.onError(error);
      this.#become(unlisted(this.#state, askedAt));
    }
  }

  /** False where the fence has fallen meanwhile. */
  async #write({ lease, timeout }: Extract<Step, { lease: unknown }>, askedAt: number): Promise<boolean> {
    const { client, ref, identity, durations, clock, fence, onElected, onError } = this.#options;
    const next = held(lease, ref, { identity, leaseDuration: durations.leaseDuration }, new Date(clock.now()));
    const before = this.#state.validUntil;
    try {
      const stored = await this.#within(timeout, (signal) =>
        lease === undefined ? client.create(next, { signal }) : client.update(next, { signal }),
      );
      this.#become(granted(this.#state, stored, askedAt, clock.monotonic()));
    } catch (error) {
      const isInDoubt = isConflict(error) || isAlreadyExists(error) || isNotFound(error);
      // Of several followers all but one come too late: that's no failure.
      if (!isInDoubt) onError(error);
      this.#become(refused(this.#state, isInDoubt, askedAt));
    }
    const { validUntil } = this.#state;
    if (validUntil === undefined || validUntil === before) return true;
    if (!fence.extend(validUntil)) return false;
    if (before === undefined) {
      this.#watching.abort();
      onElected();
    }
    return true;
  }

  #become(state: Candidacy): void {
    this.#state = state;
    const leader = holderOf(state.observed?.lease) || undefined;
    if (leader !== this.#leader) this.#options.onLeader(leader);
    this.#leader = leader;
    this.#wake.abort();
  }

  /** One request: without an answer within `timeout` milliseconds, nobody knows whether it was carried out. */
  async #within<T>(timeout: number, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, ref } = this.#options;
    const ended = new AbortController();
    const late = new AbortController();
    clock.sleep(timeout, ended.signal).then(
      () => late.abort(new ConnectionError(`lease ${ref.namespace}/${ref.name}: no answer within ${Math.round(timeout)} ms`, true)),
      () => {},
    );
    try {
      return await send(late.signal);
    } finally {
      ended.abort();
    }
  }
}
