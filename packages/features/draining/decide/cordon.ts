import type { NodeView } from "@plimsoll/model";

/** Annotations that begin so say which Drains keep a node cordoned; the Drain's UID follows. */
const prefix = "plimsoll.dev/drain-";

/** What a Drain writes on a node with its cordon, and is known by as the field's manager. */
export function markOf(uid: string): string {
  return `${prefix}${uid}`;
}

/** The text of a mark: which Drain, and since when. */
export function markText(name: string, now: number): string {
  return `${name} ${new Date(now).toISOString()}`;
}

/** The UIDs of the Drains that keep a node cordoned. */
export function holdersOf({ annotations }: NodeView): string[] {
  return Object.keys(annotations)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}

/** Since when a Drain keeps a node cordoned, in milliseconds since 1970; undefined: it doesn't. */
export function heldSince({ annotations }: NodeView, uid: string): number | undefined {
  const text = annotations[markOf(uid)];
  if (text === undefined) return undefined;
  const at = Date.parse(text.split(" ")[1] ?? "");
  // Somebody else may have written it.
  return Number.isNaN(at) ? 0 : at;
}
