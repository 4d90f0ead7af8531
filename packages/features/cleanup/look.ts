import type { Verdict } from "@plimsoll/cloud";
import type { NodeView } from "@plimsoll/model";

/** What the cloud was found to say of a node's machine. Times are in milliseconds since 1970. */
export interface Look {
  verdict: Verdict;
  at: number;
  /** When the next is due. */
  due: number;
  /** Looks that have said the same, one after the other. */
  same: number;
  /** Since when each has said that the machine is gone; undefined: the last has not. */
  goneSince: number | undefined;
}

/** Of one node no more often than this, once the same has been said several times. */
const longest = 15 * 60_000;

/** The look that follows another, if there was one: as long as the cloud says the same, the next is twice as far away each time. */
export function lookAfter(before: Look | undefined, verdict: Verdict, at: number, interval: number): Look {
  const same = before?.verdict.state === verdict.state ? before.same + 1 : 1;
  // A machine is gone once two looks say so: they are not put off.
  const pause = Math.max(interval, Math.min(interval * 2 ** Math.min(same - 1, 20), longest));
  const goneSince = verdict.state === "gone" ? (before?.goneSince ?? at) : undefined;
  return { verdict, at, due: at + pause, same, goneSince };
}

/** A look that is to be followed by another as soon as may be: what it said is wanted, and isn't believed any more. */
export function hastened(look: Look, interval: number): Look {
  return { ...look, due: Math.min(look.due, look.at + interval) };
}

/** Nodes that are to be asked for now: those that wait longest first, and no more than so many. */
export function dueOf(suspects: readonly NodeView[], looks: ReadonlyMap<string, Look>, now: number, most: number): NodeView[] {
  const dueAt = ({ uid }: NodeView): number => looks.get(uid)?.due ?? 0;
  return suspects
    .filter((node) => dueAt(node) <= now)
    .toSorted((one, other) => dueAt(one) - dueAt(other) || one.ready.since - other.ready.since)
    .slice(0, most);
}
