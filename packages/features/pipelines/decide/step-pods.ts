import type { TryView } from "../step/kind.ts";

/** The newest try of an item that was seen. */
export interface Latest {
  try: number;
  /** Undefined where it is known to be gone, and was never seen. */
  view: TryView | undefined;
  gone: boolean;
}

/**
 * What is observed of the tries of one step. A change costs the same however many items there are. Changes may come twice, and in any
 * order between objects.
 */
export class StepPods {
  readonly #latest = new Map<number, Latest>();
  /** Tries that are not known to have ended, by name; also those that were replaced. */
  readonly #active = new Map<string, TryView>();
  /** Tries that were replaced though nobody knows whether they have ended. */
  readonly #abandoned = new Set<string>();
  readonly #waiting = new Map<number, string>();
  /** Those of the active that are on their way to begin, or should be gone. */
  readonly #slow = new Map<string, TryView>();
  /** Items whose try should be gone, though nobody confirms that. */
  readonly #overdue = new Set<number>();
  /** Items of which there is news, each with the version by which it came. */
  readonly #news = new Map<number, number>();
  #unplaced = 0;
  #version = 0;

  /** Takes in a try as it is now; `gone` where it has been deleted. */
  observe(view: TryView, gone = false): void {
    const before = this.#active.get(view.name);
    const latest = this.#latest.get(view.item);
    if (latest !== undefined && latest.try === view.try) {
      // One that has ended stays so, and one that is gone doesn't come back: this is an older state, as an answer and a watch may cross.
      if (latest.gone || (latest.view?.state.phase !== "active" && view.state.phase === "active" && !gone)) return;
    }
    this.#forget(before);
    if (view.state.phase === "active" && !gone && !this.#abandoned.has(view.name)) {
      this.#active.set(view.name, view);
      if (!view.state.placed) this.#unplaced += 1;
      if (view.state.startingSince !== undefined || view.state.overdueSince !== undefined) this.#slow.set(view.name, view);
    }
    if (latest !== undefined && latest.try > view.try) return;
    this.#set(view.item, { try: view.try, view: withReason(view, latest), gone });
  }

  /** Takes in what was just made, unless the watch was faster. */
  made(view: TryView): void {
    const latest = this.#latest.get(view.item);
    if (latest === undefined || latest.try < view.try) this.observe(view);
  }

  /** Says that a try is gone of which nothing was seen. */
  vanished(item: number, number: number): void {
    const latest = this.#latest.get(item);
    if (latest === undefined || latest.try < number) this.#set(item, { try: number, view: undefined, gone: true });
  }

  /** Says that a try isn't waited for any more. */
  abandon(name: string): void {
    this.#abandoned.add(name);
    this.#forget(this.#active.get(name));
  }

  latest(item: number): Latest | undefined {
    return this.#latest.get(item);
  }

  /** When the first try that is there was created, as a status has it. */
  get firstCreated(): string | undefined {
    let first: string | undefined;
    for (const { view } of this.#latest.values())
      if (view !== undefined && (first === undefined || view.createdAt < first)) first = view.createdAt;
    return first;
  }

  /** Grows with everything that is observed. */
  get version(): number {
    return this.#version;
  }

  /** Items that have changed since they were settled. */
  get news(): Iterable<number> {
    return this.#news.keys();
  }

  /** Items whose try should be gone, though nobody confirms that. */
  get overdue(): Iterable<number> {
    return this.#overdue;
  }

  /** Says that all up to a version has been taken into account. */
  settle(version: number): void {
    for (const [item, at] of this.#news) if (at <= version) this.#news.delete(item);
  }

  /** Tries that have not ended. */
  get active(): Iterable<TryView> {
    return this.#active.values();
  }

  /** Those of them that are on their way to begin, or should be gone. */
  get slow(): Iterable<TryView> {
    return this.#slow.values();
  }

  /** How many have not ended. */
  get activeCount(): number {
    return this.#active.size;
  }

  /** How many of these no node has been found for. */
  get unplaced(): number {
    return this.#unplaced;
  }

  /** Why the first of those waits that don't begin. */
  get waiting(): { item: number; reason: string } | undefined {
    const [first] = this.#waiting;
    return first && { item: first[0], reason: first[1] };
  }

  #set(item: number, latest: Latest): void {
    this.#latest.set(item, latest);
    const { view, gone } = latest;
    if (view?.state.phase === "active" && view.state.waiting !== undefined && !gone) this.#waiting.set(item, view.state.waiting);
    else this.#waiting.delete(item);
    if (view?.state.phase === "active" && view.state.overdueSince !== undefined && !gone) this.#overdue.add(item);
    else this.#overdue.delete(item);
    this.#version += 1;
    this.#news.set(item, this.#version);
  }

  #forget(view: TryView | undefined): void {
    if (view === undefined) return;
    this.#active.delete(view.name);
    this.#slow.delete(view.name);
    if (view.state.phase === "active" && !view.state.placed) this.#unplaced -= 1;
  }
}

/** While it is being deleted, a try that never began looks as if it were about to: what it waited for is kept. */
function withReason(view: TryView, latest: Latest | undefined): TryView {
  const { state } = view;
  const before = latest?.try === view.try ? latest.view?.state : undefined;
  if (!view.deleting || state.phase !== "active" || state.waiting !== undefined) return view;
  return before?.phase === "active" && before.waiting !== undefined ? { ...view, state: { ...state, waiting: before.waiting } } : view;
}
