import type { Row } from "./panel.ts";
import { rate, target } from "./query.ts";

/** Counted by each process, whether it leads or not. */
const count = (what: string): string => `sum(max by (job, namespace) (plimsoll_${what}{${target}}))`;

export const ofRightSizing: Row = {
  title: "Right-sizing",
  panels: [
    {
      title: "Containers by why there is a recommendation, or none",
      description: "Where the feature rightsizing is enabled: containers of workloads, not of pods. NoSamples: nothing was measured.",
      unit: "short",
      isStacked: true,
      queries: { "{{reason}}": `sum by (reason) (max by (job, namespace, reason) (plimsoll_rightsizing_containers{${target}}))` },
    },
    {
      title: "Policies",
      description:
        "Hindered: what is recommended isn't applied, and the condition Applying says why. Without metrics: 1 while metrics.k8s.io doesn't answer.",
      unit: "short",
      queries: {
        all: count("rightsizing_policies"),
        invalid: count("rightsizing_invalid"),
        applied: count("resizing_policies"),
        hindered: count("resizing_hindered"),
        "without metrics": `sum(max by (job, namespace) (plimsoll_rightsizing_policies{${target}}) > bool 0 and max by (job, namespace) (plimsoll_rightsizing_metrics_available{${target}}) == 0)`,
      },
    },
    {
      title: "Changes a minute",
      description:
        "Where the feature resizing is enabled. Taken back: a container crashed, or was killed, after its change. Refused: by the API server.",
      unit: "cpm",
      queries: {
        made: `60 * sum(${rate("plimsoll_resizing_changes_total")})`,
        "taken back": `60 * sum(${rate("plimsoll_resizing_taken_back_total")})`,
        refused: `60 * sum(${rate("plimsoll_resizing_refused_total")})`,
        "killed for want of memory": `60 * sum(${rate("plimsoll_rightsizing_oom_kills_total")})`,
      },
    },
  ],
};
