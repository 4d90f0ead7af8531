import { machineTime } from "./machine-clock.ts";

/** When the API server last gave a sign of life, in memory that threads share. It begins as now. */
export class Contact {
  /** What another thread makes its contact of. */
  readonly memory: SharedArrayBuffer;
  readonly #at: BigInt64Array;

  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
    this.#at = new BigInt64Array(this.memory);
    if (memory === undefined) this.mark();
  }

  mark(): void {
    Atomics.store(this.#at, 0, machineTime());
  }

  /** A moment of `machineClock.monotonic`, in milliseconds. */
  get at(): number {
    return Number(Atomics.load(this.#at, 0)) / 1e6;
  }
}
