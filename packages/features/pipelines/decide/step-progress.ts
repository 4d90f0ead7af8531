import type { EndedTry, SizedTry, StepStatus } from "@plimsoll/api";
import { bytesOf, type Outputs } from "../step/outputs.ts";
import type { Retry, StepChange } from "./decision.ts";
import { IndexSet, parseQuantity, valueOfNano, writtenMemory } from "@plimsoll/model";

const mostTries = 20;

/** How far a step has come that has started and not ended. It is built from the step's entry in the status, and gives it back. */
export class StepProgress {
  readonly startedAt: string;
  /** Undefined after a restart, until they have been worked out again. */
  items: readonly unknown[] | undefined;
  /** Items before this have begun. */
  begun: number;
  checked = 0;
  /** Whether the written status tells of every retry. */
  isRecorded = true;
  message: string | undefined;
  readonly succeeded: IndexSet;
  readonly failed: IndexSet;
  /** Items that have not ended, of which a try has, or could not be made. */
  readonly retries = new Map<number, Retry>();
  readonly #outputs = new Map<number, Outputs>();
  /** Bytes of the outputs of the items that have succeeded, without what is between them. */
  outputBytes = 0;
  /** Of a step with resources.auto: its last tries, as the status tells of them. */
  sizing: readonly SizedTry[];
  #tries: EndedTry[];
  readonly #fanned: boolean;
  #total: number;
  #earliest: number | undefined;

  constructor(entry: StepStatus, fanned: boolean) {
    const { items, outputs, retries = [], tries = [], sizing = [], startedAt = "", message } = entry;
    this.startedAt = startedAt;
    this.message = message;
    this.#fanned = fanned;
    this.#total = items?.total ?? 1;
    // Of a step that runs once, `Running` says that its try was made.
    this.begun = items?.started ?? (entry.phase === "Running" ? this.#total : 0);
    this.succeeded = new IndexSet(items?.succeededIndexes);
    this.failed = new IndexSet(items?.failedIndexes);
    this.#tries = [...tries];
    this.sizing = sizing;
    if (Array.isArray(outputs)) for (const [item, own] of outputs.entries()) if (this.succeeded.has(item)) this.#keep(item, own);
    for (const { item = 0, tries, failures, outOfMemory = 0, memory, retryAt } of retries)
      this.retries.set(item, {
        tries,
        failures,
        outOfMemory,
        memory: memory === undefined ? undefined : valueOfNano(parseQuantity(memory) ?? 0n),
        retryAt: retryAt === undefined ? undefined : Date.parse(retryAt),
      });
  }

  /** That of a step of which nothing has been made. */
  static started({ startedAt, items }: { startedAt: string; items: readonly unknown[] }, fanned: boolean): StepProgress {
    const progress = new StepProgress({ phase: "Pending", startedAt, ...(fanned ? { items: { total: items.length } } : {}) }, fanned);
    progress.items = items;
    return progress;
  }

  get total(): number {
    return this.items?.length ?? this.#total;
  }

  hasEnded(item: number): boolean {
    return this.succeeded.has(item) || this.failed.has(item);
  }

  /** When the first of the retries is due that have not been made; Infinity: none. */
  get earliestRetry(): number {
    if (this.#earliest === undefined) {
      this.#earliest = Infinity;
      for (const { retryAt = Infinity } of this.retries.values()) this.#earliest = Math.min(this.#earliest, retryAt);
    }
    return this.#earliest;
  }

  /** The outputs of an item that has succeeded. */
  outputs(item: number): Outputs | undefined {
    return this.#outputs.get(item);
  }

  #keep(item: number, outputs: Outputs): void {
    this.#outputs.set(item, outputs);
    this.outputBytes += bytesOf(outputs);
  }

  tries(): readonly EndedTry[] {
    return this.#tries;
  }

  apply(change: StepChange): void {
    this.items = change.items ?? this.items;
    this.#total = this.total;
    this.checked = change.checked;
    this.message = change.message;
    for (const item of change.adopted) this.begin(item);
    for (const [item, outputs] of change.succeeded) {
      this.succeeded.add(item);
      if (Object.keys(outputs).length > 0) this.#keep(item, outputs);
    }
    for (const item of change.failed) this.failed.add(item);
    for (const item of [...change.succeeded.keys(), ...change.failed]) this.retries.delete(item);
    for (const [item, retry] of change.retries) this.retries.set(item, retry);
    if (change.retries.size > 0) this.isRecorded = false;
    if (change.tries.length > 0) this.#tries = lastOf([...this.#tries, ...change.tries], this.failed);
    if (this.retries.size > 0) this.#earliest = undefined;
    else this.#earliest = Infinity;
  }

  /** Says that an item's next try is there. Items before it that have none are due: theirs could not be made, or are gone. */
  begin(item: number): void {
    for (let before = this.begun; before < item; before += 1) this.#postpone(before);
    this.begun = Math.max(this.begun, item + 1);
    const retry = this.retries.get(item);
    if (retry === undefined) return;
    if (retry.tries === 0) this.retries.delete(item);
    else this.retries.set(item, { ...retry, retryAt: undefined });
    this.#earliest = undefined;
  }

  /** Says that an item's first try could not be made, though that of others could: it is due. */
  postpone(item: number): void {
    for (let before = this.begun; before <= item; before += 1) this.#postpone(before);
    this.begun = Math.max(this.begun, item + 1);
  }

  #postpone(item: number): void {
    if (this.retries.has(item) || this.hasEnded(item)) return;
    this.retries.set(item, { tries: 0, failures: 0, outOfMemory: 0, retryAt: 0 });
    this.#earliest = undefined;
  }

  /** The step's entry in the status. */
  entry(active: number): StepStatus {
    const phase = this.begun === 0 ? "Pending" : "Running";
    const retries = [...this.retries].map(([item, { retryAt, outOfMemory, memory, ...counts }]) => ({
      ...(this.#fanned ? { item } : {}),
      ...counts,
      ...(outOfMemory > 0 ? { outOfMemory } : {}),
      ...(memory === undefined ? {} : { memory: writtenMemory(memory) }),
      ...(retryAt === undefined ? {} : { retryAt: new Date(retryAt).toISOString() }),
    }));
    return {
      phase,
      startedAt: this.startedAt,
      ...(this.#fanned ? { items: { ...this.counts(), started: this.begun, ...(active > 0 ? { active } : {}) } } : {}),
      ...(this.#outputs.size > 0 ? { outputs: this.outputList() } : {}),
      ...(this.#tries.length > 0 ? { tries: this.#tries } : {}),
      ...(retries.length > 0 ? { retries } : {}),
      ...(this.sizing.length > 0 ? { sizing: [...this.sizing] } : {}),
      ...(this.message === undefined ? {} : { message: this.message }),
    };
  }

  counts(): NonNullable<StepStatus["items"]> {
    return {
      total: this.total,
      succeeded: this.succeeded.size,
      ...(this.failed.size > 0 ? { failed: this.failed.size, failedIndexes: this.failed.toString() } : {}),
      ...(this.succeeded.size > 0 && this.succeeded.size < this.total ? { succeededIndexes: this.succeeded.toString() } : {}),
    };
  }

  /** The outputs of all items, an empty one where there are none; an empty list where no item has any. */
  outputList(): Outputs[] {
    if (this.#outputs.size === 0) return [];
    return Array.from({ length: this.total }, (_, item) => this.#outputs.get(item) ?? {});
  }
}

/** The last tries; and that which tells why the first of the failed items failed. */
function lastOf(tries: EndedTry[], failed: IndexSet): EndedTry[] {
  if (tries.length <= mostTries) return tries;
  const kept = tries.slice(-mostTries);
  const first = firstFailure(tries, failed);
  return first === undefined || kept.includes(first) ? kept : [first, ...kept.slice(1)];
}

/** The last try of the first of the items that failed for good. */
export function firstFailure(tries: readonly EndedTry[], failed: { has: (item: number) => boolean }): EndedTry | undefined {
  let found: EndedTry | undefined;
  for (const one of tries) if (failed.has(one.item ?? 0) && (found === undefined || (one.item ?? 0) <= (found.item ?? 0))) found = one;
  return found;
}
