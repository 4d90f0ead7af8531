import type { About, Told } from "../telling.ts";
import { writtenResources } from "./decide/change.ts";
import type { Resources } from "./decide/resources.ts";

/** A workload's container. `title`: as in `Deployment/web, container app`. */
interface Of {
  title: string;
}

/** Containers of one workload: what happens to those of another is told beside that. */
export function toldChanged(about: About, changes: readonly (Of & { from: Resources; to: Resources })[]): Told {
  const note = changes.map(({ title, from, to }) => `${title}: from ${said(from)} to ${said(to)}`).join("; ");
  return { type: "Normal", reason: "Changed", action: "Resize", note, about };
}

/** The same. `whole`: what was raised, too. */
export function toldTakenBack(about: About, changes: readonly (Of & { why: string; whole: boolean })[]): Told {
  const note = changes
    .map(({ title, why, whole }) => `${title}: ${why}; ${whole ? "all is as before" : "what was lowered is as before"}`)
    .join("; ");
  return { type: "Warning", reason: "TakenBack", action: "TakeBack", note, about };
}

/** The API server refuses it. */
export function toldRefused(about: About, title: string, message: string): Told {
  return { type: "Warning", reason: "Refused", action: "Resize", note: `${title}: ${message}`, about };
}

function said(resources: Resources): string {
  const { requests, limits } = writtenResources(resources);
  const parts = [
    ...Object.entries(requests ?? {}).map(([resource, amount]) => `${resource} ${amount}`),
    ...Object.entries(limits ?? {}).map(([resource, amount]) => `${resource} limit ${amount}`),
  ];
  return parts.length === 0 ? "nothing" : parts.join(", ");
}
