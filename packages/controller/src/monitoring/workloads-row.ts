import type { Row } from "./panel.ts";
import { rate, target } from "./query.ts";

/** Counted by each process, whether it leads or not. */
const count = (what: string): string => `sum(max by (job, namespace) (plimsoll_workloads_${what}{${target}}))`;

export const ofWorkloads: Row = {
  title: "Workload sets",
  panels: [
    {
      title: "Sets and their objects",
      description: "Where the feature workloads is enabled. One that is invalid says why in its condition Valid.",
      unit: "short",
      queries: { sets: count("sets"), invalid: count("invalid"), objects: count("objects") },
    },
    {
      title: "Sets that aren't as they should be",
      description: "Not Applied, not Healthy, or Drifted: each set says why in the condition.",
      unit: "short",
      queries: { "{{condition}}": `sum by (condition) (max by (job, namespace, condition) (plimsoll_workloads_unlike{${target}}))` },
    },
    {
      title: "Objects applied a minute, by result",
      description: "Corrected: others had changed them; many without end are a fight with another controller. Failed: each try for itself.",
      unit: "cpm",
      isColoured: true,
      queries: {
        "{{result}}": `60 * sum by (result) (${rate("plimsoll_workloads_applies_total")})`,
        pruned: `60 * sum(${rate("plimsoll_workloads_pruned_total")})`,
      },
    },
  ],
};
