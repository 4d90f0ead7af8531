import { isConflict, isNotFound, type CacheEvent, type Clock } from "@plimsoll/kube";
import type { Live } from "../objects/live.ts";
import { keyOf, type Ref } from "../objects/ref.ts";
import type { ObjectKind } from "./object-kind.ts";

/** Milliseconds that the watch may take to tell of what was applied; later, what it shows counts. */
export const longest = 30_000;

/** The objects of sets: what the watches tell of them, and what was applied here and isn't told yet. */
export class Objects {
  readonly #kinds: readonly ObjectKind[];
  readonly #clock: Clock;
  readonly #applied = new Map<string, { live: Live; at: number }>();
  /** How objects were when they went, by their set. */
  readonly #gone = new Map<string, Map<string, Live>>();

  constructor(kinds: readonly ObjectKind[], clock: Clock) {
    this.#kinds = kinds;
    this.#clock = clock;
  }

  /** The kind that an object is of; undefined where sets may not hold it. */
  kind({ apiVersion, kind }: Omit<Ref, "name">): ObjectKind | undefined {
    return this.#kinds.find(({ configured }) => configured.kind === kind && configured.apiVersion === apiVersion);
  }

  /** Calls back with the names of the sets that a change may be about. */
  on(handler: (namespace: string, set: string) => void): void {
    for (const { view } of this.#kinds)
      view.on((event) => {
        const { object } = event;
        const place = placeOf(object);
        const applied = this.#applied.get(place)?.live;
        // That it is gone may be told as it was last seen.
        if (applied !== undefined && (applied.version <= object.version || (event.type === "delete" && applied.uid === object.uid)))
          this.#applied.delete(place);
        if (event.type === "update" && isSame(event)) return;
        if (event.type === "delete" && object.set !== "") this.#went(`${object.namespace}/${object.set}`, object);
        const sets = new Set([object.set, ...(event.type === "add" ? [] : [event.old.set])]);
        for (const set of sets) if (set !== "") handler(object.namespace, set);
      });
  }

  #went(set: string, live: Live): void {
    const gone = this.#gone.get(set) ?? new Map<string, Live>();
    this.#gone.set(set, gone.set(keyOf(live), live));
  }

  /** How objects of a set were when they went, by key: those that it hasn't taken in yet. */
  gone(set: string): ReadonlyMap<string, Live> {
    return new Map(this.#gone.get(set));
  }

  /** A set has taken in that objects have gone. */
  takenIn(set: string, gone: ReadonlyMap<string, Live>): void {
    const left = this.#gone.get(set);
    for (const [key, live] of gone) if (left?.get(key) === live) left.delete(key);
    if (left?.size === 0) this.#gone.delete(set);
  }

  /** A set is gone. */
  forget(set: string): void {
    this.#gone.delete(set);
  }

  /** How many there are, as the watches tell. */
  get size(): number {
    return this.#kinds.reduce((count, { view }) => count + view.size, 0);
  }

  /** An object as it is known to be. */
  live(namespace: string, ref: Ref): Live | undefined {
    const told = this.kind(ref)?.view.get(namespace, ref.name);
    const applied = this.#applied.get(placeOf({ namespace, ...ref }));
    if (applied === undefined || (told !== undefined && told.version >= applied.live.version)) return told;
    return this.#clock.monotonic() - applied.at < longest ? applied.live : told;
  }

  /** Applies an object. Rejects with an ApiError where the API server doesn't take it. */
  async apply(kind: ObjectKind, namespace: string, body: object, options: { name: string; force: boolean }): Promise<Live> {
    const live = await kind.apply({ namespace, name: options.name }, body, { force: options.force });
    this.#applied.set(placeOf(live), { live, at: this.#clock.monotonic() });
    return live;
  }

  /** Deletes the one object that has the UID. "another": there is one of that name, which isn't it. */
  async remove(
    kind: ObjectKind,
    ref: { namespace: string; name: string },
    uid: string,
    propagation: "Background" | "Foreground",
  ): Promise<"deleted" | "gone" | "another"> {
    const { apiVersion, kind: name } = kind.configured;
    try {
      await kind.remove(ref, uid, propagation);
    } catch (error) {
      if (isNotFound(error)) return "gone";
      if (isConflict(error)) return "another";
      throw error;
    }
    // Until the watch tells so, unless it has told before the answer came: later than what it has told, and before whatever comes.
    const known = this.live(ref.namespace, { apiVersion, kind: name, name: ref.name });
    if (known?.uid === uid)
      this.#applied.set(placeOf(known), {
        live: { ...known, isDeleting: true, version: known.version + 0.5 },
        at: this.#clock.monotonic(),
      });
    return "deleted";
  }
}

function placeOf({ namespace, ...ref }: Ref & { namespace: string }): string {
  return `${namespace}/${keyOf(ref)}`;
}

/** Whether nothing has changed that anything depends on. */
function isSame({ old, object }: Extract<CacheEvent<Live>, { type: "update" }>): boolean {
  if (object.object !== undefined) return false;
  return (
    old.uid === object.uid &&
    old.set === object.set &&
    old.applied === object.applied &&
    old.fields === object.fields &&
    old.isDeleting === object.isDeleting &&
    old.health.state === object.health.state &&
    old.health.message === object.health.message
  );
}
