/**
 * Times of schedules, by their UIDs, for which runs were made here that no status tells of yet. Where many are due at once, runs are made before
 * any of that is written; another leader would find the runs by their names, and here they may be gone before.
 */
export class Unrecorded {
  readonly #times = new Map<string, readonly number[]>();

  of(uid: string): readonly number[] {
    return this.#times.get(uid) ?? [];
  }

  add(uid: string, times: readonly number[]): void {
    this.#times.set(uid, [...this.of(uid), ...times]);
  }

  /** What is up to this time is written. */
  recorded(uid: string, lastTime: number): void {
    const left = this.of(uid).filter((time) => time > lastTime);
    if (left.length === 0) this.#times.delete(uid);
    else this.#times.set(uid, left);
  }

  forget(uid: string): void {
    this.#times.delete(uid);
  }
}
