import { listed } from "../listed.ts";
import type { About, Told } from "../telling.ts";

export function toldInvalid(message: string): Told {
  return { type: "Warning", reason: "Invalid", action: "Check", note: message };
}

export function toldMetrics(isAvailable: boolean, message: string): Told {
  return isAvailable
    ? { type: "Normal", reason: "MetricsAvailable", action: "Sample", note: message }
    : { type: "Warning", reason: "MetricsNotAvailable", action: "Sample", note: message };
}

/** The first recommendation for each of these. `about`: the workload of one of them, so that those for others are told beside it. */
export function toldRecommended(about: About, titles: readonly string[]): Told {
  return { type: "Normal", reason: "Recommended", action: "Recommend", note: `first recommendation for ${listed(titles)}`, about };
}

/** Containers of one workload. */
export function toldKilled(about: About, titles: readonly string[]): Told {
  return { type: "Warning", reason: "OOMKilled", action: "Recommend", note: `killed for want of memory: ${listed(titles)}`, about };
}

/** What is known of some containers has no room in the status. */
export function toldUnkept(): Told {
  const note = "what is known of some containers has no room in its status, and is lost when the controller is started anew";
  return { type: "Warning", reason: "NotKept", action: "Keep", note: `${note}: make a second policy for some of them` };
}
