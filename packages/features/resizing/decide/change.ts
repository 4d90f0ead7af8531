import type { SizeChange } from "@plimsoll/api";
import { milliOf, valueOf } from "@plimsoll/model";
import { written, type Written } from "@plimsoll/model/sizing";
import type { ResizablePod } from "../observe/pod.ts";
import { carries, type Resources } from "./resources.ts";

/** What is asked for since a time, and what was before. Times are milliseconds since 1970. */
export interface Made {
  at: number;
  from: Resources;
  to: Resources;
}

/** A change of what a workload's container asks for. */
export interface Change extends Made {
  key: string;
  /** How often in a row about the same was taken back whole. */
  failures?: number;
  /** Why it was taken back, and until when nothing is lowered in its place; whole: what was raised, too. `raise`: what was raised since. */
  takenBack?: { why: string; until: number; whole: boolean; raise?: Made };
}

/** What of a change is to be: of one that was taken back, what was raised since; undefined: nothing. */
export function madeOf({ at, from, to, takenBack }: Change): Made | undefined {
  return takenBack === undefined ? { at, from, to } : takenBack.raise;
}

/** Whether a pod's container asks for what it is to. */
export function hasMade({ shape }: ResizablePod, container: string, { to }: Made): boolean {
  const has = shape.containers.find(({ name }) => name === container);
  return has !== undefined && carries(has, to);
}

/** The same change, of which something else is to be. */
export function withMade({ takenBack, ...change }: Change, made: Made): Change {
  return takenBack === undefined ? { ...change, ...made } : { ...change, takenBack: { ...takenBack, raise: made } };
}

/** What is left of a change of which nothing is to be. */
export function withoutMade({ takenBack, ...change }: Change): Change | undefined {
  if (takenBack === undefined) return undefined;
  const { raise: _, ...rest } = takenBack;
  return { ...change, takenBack: rest };
}

/** What is left of a change at a time: of one that is held no more, what was raised since it was taken back. */
export function leftOf(change: Change, now: number): Change | undefined {
  const { key, takenBack } = change;
  if (takenBack === undefined || takenBack.until > now) return change;
  return takenBack.raise && { key, ...takenBack.raise };
}

/** Whether it is still watched, or held. */
export function isOpen(change: Change, watch: number, now: number): boolean {
  const { takenBack } = change;
  const made = madeOf(change);
  return (takenBack !== undefined && takenBack.until > now) || (made !== undefined && now < made.at + watch);
}

/** Reads what a status says of a change. */
export function readChange({ key, takenBack, heldUntil, whole, raise, failures, ...made }: SizeChange): Change {
  const until = Date.parse(heldUntil ?? made.at);
  return {
    key,
    ...readMade(made),
    ...(failures !== undefined && { failures }),
    ...(takenBack !== undefined && {
      takenBack: { why: takenBack, until, whole: whole ?? false, ...(raise !== undefined && { raise: readMade(raise) }) },
    }),
  };
}

/** What a status says of a change. */
export function writtenChange({ key, takenBack, failures, ...made }: Change): SizeChange {
  return {
    key,
    ...writtenMade(made),
    ...(failures !== undefined && { failures }),
    ...(takenBack !== undefined && {
      takenBack: takenBack.why,
      heldUntil: timeText(takenBack.until),
      ...(takenBack.whole && { whole: true }),
      ...(takenBack.raise !== undefined && { raise: writtenMade(takenBack.raise) }),
    }),
  };
}

function readMade({ at, from, to }: NonNullable<SizeChange["raise"]>): Made {
  return { at: Date.parse(at), from: resourcesOf(from), to: resourcesOf(to) };
}

function writtenMade({ at, from, to }: Made): NonNullable<SizeChange["raise"]> {
  return { at: timeText(at), from: writtenResources(from), to: writtenResources(to) };
}

/** Amounts as they stand in a status: CPU in thousandths of a core, memory in bytes. */
export function amountsOf({ cpu, memory }: { cpu?: string | undefined; memory?: string | undefined } = {}): Resources["requests"] {
  return { ...(cpu !== undefined && { cpu: milliOf(cpu) }), ...(memory !== undefined && { memory: valueOf(memory) }) };
}

/** What is written in a manifest, as in `{requests: {cpu: "250m"}}`. */
export function writtenResources({ requests, limits }: Resources): { requests?: Written; limits?: Written } {
  const isAny = (amounts: Resources["requests"]): boolean => Object.keys(amounts).length > 0;
  return { ...(isAny(requests) && { requests: written(requests) }), ...(isAny(limits) && { limits: written(limits) }) };
}

function resourcesOf({ requests, limits }: SizeChange["from"]): Resources {
  return { requests: amountsOf(requests), limits: amountsOf(limits) };
}

/** To the millisecond: what ended in the second in which a change began must be told apart. */
function timeText(at: number): string {
  return new Date(at).toISOString();
}
