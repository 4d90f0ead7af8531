import type { SizeChange } from "@plimsoll/api";
import { milliOf, valueOf } from "@plimsoll/model";
import { written, type Written } from "@plimsoll/model/sizing";
import type { Resources } from "./resources.ts";

/** A change of what a workload's container asks for. Times are milliseconds since 1970. */
export interface Change {
  key: string;
  at: number;
  from: Resources;
  to: Resources;
  /** Why it was taken back, and until when nothing is lowered in its place; whole: what was raised, too. */
  takenBack?: { why: string; until: number; whole: boolean };
}

/** Reads what a status says of a change. */
export function readChange({ key, at, from, to, takenBack, heldUntil, whole }: SizeChange): Change {
  return {
    key,
    at: Date.parse(at),
    from: resourcesOf(from),
    to: resourcesOf(to),
    ...(takenBack !== undefined && { takenBack: { why: takenBack, until: Date.parse(heldUntil ?? at), whole: whole ?? false } }),
  };
}

/** What a status says of a change. */
export function writtenChange({ key, at, from, to, takenBack }: Change): SizeChange {
  return {
    key,
    at: timeText(at),
    from: writtenResources(from),
    to: writtenResources(to),
    ...(takenBack !== undefined && {
      takenBack: takenBack.why,
      heldUntil: timeText(takenBack.until),
      ...(takenBack.whole && { whole: true }),
    }),
  };
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
