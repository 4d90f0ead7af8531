import type { SizingSettings } from "./settings.ts";

/** What a container used: CPU in thousandths of a core, memory in bytes. */
export interface Usage {
  cpu: number;
  memory: number;
}

/**
 * Why a sample was not taken in. `Invalid`: an amount is missing, no number, or less than nothing. `Implausible`: more than there can be. `Future`:
 * its time is still to come. `TooOld`: before all history. `Stale`: not newer than the last of that instance, as the same is served again until there
 * is more, and after a clock went back. `Jump`: so much more than ever before that the next sample has to say so, too. Only `Stale` is in order.
 */
export type Rejection = "Invalid" | "Implausible" | "Future" | "TooOld" | "Stale" | "Jump";

/** What can't be of a sample, whatever else is known. */
export function faultOf(at: number, usage: Partial<Usage> | undefined, now: number, settings: SizingSettings): Rejection | undefined {
  const amounts = [usage?.cpu, usage?.memory];
  if (!Number.isFinite(at) || !amounts.every((amount) => typeof amount === "number" && Number.isFinite(amount) && amount >= 0))
    return "Invalid";
  if ((usage?.cpu ?? 0) > settings.cpu.most || (usage?.memory ?? 0) > settings.memory.most) return "Implausible";
  if (at > now + settings.leeway) return "Future";
  return at <= now - settings.window * settings.windows ? "TooOld" : undefined;
}
