import type { Told } from "../telling.ts";
import { writtenResources } from "./decide/change.ts";
import type { Resources } from "./decide/resources.ts";

/** `title`: a workload and its container, as in `Deployment/web, container app`. */
export function toldChanged(title: string, from: Resources, to: Resources): Told {
  return { type: "Normal", reason: "Changed", action: "Resize", note: `${title}: from ${said(from)} to ${said(to)}` };
}

/** `whole`: what was raised, too. */
export function toldTakenBack(title: string, { why, whole }: { why: string; whole: boolean }): Told {
  const what = whole ? "all is as before" : "what was lowered is as before";
  return { type: "Warning", reason: "TakenBack", action: "TakeBack", note: `${title}: ${why}; ${what}` };
}

/** The API server refuses it. */
export function toldRefused(title: string, message: string): Told {
  return { type: "Warning", reason: "Refused", action: "Resize", note: `${title}: ${message}` };
}

function said(resources: Resources): string {
  const { requests, limits } = writtenResources(resources);
  const parts = [
    ...Object.entries(requests ?? {}).map(([resource, amount]) => `${resource} ${amount}`),
    ...Object.entries(limits ?? {}).map(([resource, amount]) => `${resource} limit ${amount}`),
  ];
  return parts.length === 0 ? "nothing" : parts.join(", ");
}
