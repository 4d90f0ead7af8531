import type { InventoryEntry } from "@plimsoll/api";
import { appliedText } from "../objects/body.ts";
import type { Desired } from "../objects/desired.ts";
import { isOver, type Live } from "../objects/live.ts";

/**
 * How an object is, beside what its set says.
 * new: it isn't there, and was never applied as it is now. changed: it was, as something else. unrecorded: it was, but the inventory doesn't
 * say so. drifted: somebody else has changed what the set holds. missing: somebody else has deleted it. ending: it is being deleted. over: it
 * has come to its end, and is gone. current: it is as the set says.
 */
export type Standing = "new" | "changed" | "unrecorded" | "drifted" | "missing" | "ending" | "over" | "current";

/** A function of what the set says, what its inventory has, and what is there. */
export function standingOf(desired: Desired, entry: InventoryEntry | undefined, live: Live | undefined, setUid: string): Standing {
  const { digest } = desired;
  const wasApplied = entry?.uid !== undefined && entry.applied === digest;
  if (live === undefined) {
    if (!wasApplied) return "new";
    return isOver(entry, desired) ? "over" : "missing";
  }
  if (live.isDeleting) return "ending";
  if (wasApplied && entry.uid === live.uid) {
    if (entry.fields === live.fields && live.applied === appliedText(setUid, digest)) return "current";
    return "drifted";
  }
  // Somebody has made another of the same name in its place.
  if (wasApplied && live.applied !== appliedText(setUid, digest)) return isOver(entry, desired) ? "over" : "missing";
  return live.applied === appliedText(setUid, digest) ? "unrecorded" : "changed";
}
