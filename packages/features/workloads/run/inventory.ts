import type { InventoryEntry } from "@plimsoll/api";
import type { Health } from "../../health.ts";
import type { Desired } from "../objects/desired.ts";
import type { Live } from "../objects/live.ts";
import { keyOf, type Ref } from "../objects/ref.ts";

/** The inventory of a set while it is worked on: what stands in its status, and what has been done since. */
export class Inventory {
  readonly #entries: Map<string, InventoryEntry>;

  constructor(entries: readonly InventoryEntry[] = []) {
    this.#entries = new Map(entries.map((entry) => [keyOf(entry), entry]));
  }

  get entries(): ReadonlyMap<string, InventoryEntry> {
    return this.#entries;
  }

  /** What stands in the status, in an order that doesn't change by itself. */
  toList(): InventoryEntry[] {
    return [...this.#entries.values()];
  }

  /** Says that objects are about to be applied; whether that is new. */
  intend(desired: readonly Desired[]): boolean {
    const fresh = desired.filter(({ key }) => !this.#entries.has(key));
    for (const { key, ref } of fresh) this.#entries.set(key, { ...ref });
    return fresh.length > 0;
  }

  /** An object was applied. */
  applied({ key, ref, digest }: Desired, { uid, fields }: Live): void {
    this.#entries.set(key, { ...ref, uid, applied: digest, ...(fields !== undefined && { fields }) });
  }

  /** How an object stands. */
  judged(key: string, { state, message }: Health): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    const { health: _, message: _before, ...rest } = entry;
    this.#entries.set(key, { ...rest, health: state, ...(message !== undefined && { message }) });
  }

  drop(ref: Ref): void {
    this.#entries.delete(keyOf(ref));
  }
}
