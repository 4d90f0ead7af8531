import { machineTime } from "./machine-clock.ts";

/** This process doesn't hold its lease: not yet, or not any more. What was to be written was not sent. */
export class LostLeaseError extends Error {
  override name = "LostLeaseError";
}

/** Beside moments in nanoseconds, which are more than either. */
const notYet = 0n;
const gone = -1n;

/**
 * Until when this process may write as the holder of a lease, in memory that its threads share. One thread puts it off by each renewal,
 * others check it. It falls by itself when its time is over, also in a process that was stopped meanwhile; fallen, it never rises again.
 */
export class Fence {
  /** What another thread makes its fence of. */
  readonly memory: SharedArrayBuffer;
  readonly #validUntil: BigInt64Array;
  readonly #now: () => bigint;

  constructor(memory = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT), now = machineTime) {
    this.memory = memory;
    this.#validUntil = new BigInt64Array(memory);
    this.#now = now;
  }

  /** Whether the lease is held. */
  get isUp(): boolean {
    return this.#load() > notYet;
  }

  /** Throws a LostLeaseError unless the lease is held. */
  check(): void {
    const validUntil = this.#load();
    if (validUntil === notYet) throw new LostLeaseError("the lease is not held yet: nothing may be written");
    if (validUntil === gone) throw new LostLeaseError("the lease is not held any more: nothing may be written");
  }

  /** Puts it off to `until`, a moment of `machineClock.monotonic` in milliseconds; false where it has fallen. */
  extend(until: number): boolean {
    const before = this.#load();
    const after = BigInt(Math.floor(until * 1e6));
    return before !== gone && Atomics.compareExchange(this.#validUntil, 0, before, after) === before;
  }

  /** Lets it fall at once, for good. */
  fall(): void {
    Atomics.store(this.#validUntil, 0, gone);
  }

  /** Whoever finds that the time is over lets the fence fall, so that all threads find the same from then on. */
  #load(): bigint {
    for (;;) {
      const validUntil = Atomics.load(this.#validUntil, 0);
      if (validUntil <= notYet || this.#now() < validUntil) return validUntil;
      // Where it was put off in this very moment, nothing is exchanged.
      Atomics.compareExchange(this.#validUntil, 0, validUntil, gone);
    }
  }
}
