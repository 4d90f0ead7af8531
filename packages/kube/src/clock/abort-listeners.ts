/** Those who wait for a signal's abort, by one listener a signal: with one each, it would take 10,000 of them 0.2 s to listen, and 50,000 nine. */
export class AbortListeners<T extends object> {
  readonly #onAbort: (waiter: T, reason: unknown) => void;
  readonly #bySignal = new Map<AbortSignal, { waiters: Set<T>; listener: () => void }>();

  constructor(onAbort: (waiter: T, reason: unknown) => void) {
    this.#onAbort = onAbort;
  }

  add(signal: AbortSignal, waiter: T): void {
    let group = this.#bySignal.get(signal);
    if (group === undefined) {
      group = { waiters: new Set(), listener: () => this.#aborted(signal) };
      this.#bySignal.set(signal, group);
      signal.addEventListener("abort", group.listener);
    }
    group.waiters.add(waiter);
  }

  delete(signal: AbortSignal, waiter: T): void {
    const group = this.#bySignal.get(signal);
    group?.waiters.delete(waiter);
    if (group?.waiters.size === 0) this.#drop(signal);
  }

  #aborted(signal: AbortSignal): void {
    const waiters = this.#bySignal.get(signal)?.waiters ?? [];
    this.#drop(signal);
    for (const waiter of waiters) this.#onAbort(waiter, signal.reason);
  }

  #drop(signal: AbortSignal): void {
    const group = this.#bySignal.get(signal);
    if (group) signal.removeEventListener("abort", group.listener);
    this.#bySignal.delete(signal);
  }
}
