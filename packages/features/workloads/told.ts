import { listed } from "../listed.ts";
import type { About, Told } from "../telling.ts";
import { titleOf } from "./objects/ref.ts";

export function toldInvalid(message: string): Told {
  return { type: "Warning", reason: "Invalid", action: "Check", note: message };
}

export function toldApplied(titles: readonly string[]): Told {
  return { type: "Normal", reason: "Applied", action: "Apply", note: `applied ${listed(titles)}` };
}

export function toldCorrected(about: About, how: string): Told {
  return {
    about,
    type: "Normal",
    reason: "DriftCorrected",
    action: "Apply",
    note: `${titleOf(about)}: ${how}; it is as the set says again`,
  };
}

export function toldPruned(about: About): Told {
  return {
    about,
    type: "Normal",
    reason: "Pruned",
    action: "Delete",
    note: `deleted ${titleOf(about)}, which the set doesn't list any more`,
  };
}

export function toldLeft(about: About): Told {
  return {
    about,
    type: "Normal",
    reason: "LeftAlone",
    action: "Delete",
    note: `${titleOf(about)} isn't the one that the set applied: it stays`,
  };
}

export function toldReplaced(about: About, why: string): Told {
  return { about, type: "Normal", reason: "Replaced", action: "Delete", note: `deleted ${titleOf(about)} to make it anew: ${why}` };
}

export function toldFailure(reason: string, note: string): Told {
  return { type: "Warning", reason, action: "Apply", note };
}
