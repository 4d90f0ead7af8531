import type { Row } from "./panel.ts";
import { hourly, rate, target } from "./query.ts";

/** Counted by each process, whether it leads or not. */
const count = (what: string): string => `sum(max by (job, namespace) (plimsoll_schedules_${what}{${target}}))`;

const delay = (quantile: number): string =>
  `histogram_quantile(${quantile}, sum by (le) (${hourly("plimsoll_schedules_delay_seconds_bucket")}))`;

export const ofSchedules: Row = {
  title: "Schedules",
  panels: [
    {
      title: "Schedules and backfills",
      description: "One that is invalid says why in its condition Valid. Backfills are those that go on.",
      unit: "short",
      width: 6,
      queries: { schedules: count("schedules"), suspended: count("suspended"), invalid: count("invalid"), backfills: count("backfills") },
    },
    {
      title: "Runs made a minute",
      description: "Not made: each try for itself; the condition Starting and an event say why.",
      unit: "cpm",
      width: 6,
      queries: {
        "for a {{for}}": `60 * sum by (for) (${rate("plimsoll_schedules_runs_total")})`,
        "not made": `60 * sum(${rate("plimsoll_schedules_failed_total")})`,
      },
    },
    {
      title: "Times without a run in an hour, by reason",
      description:
        "Forbidden, Replaced and QueueFull are as the schedule's concurrency says; of those that are Missed, nothing could start a run.",
      unit: "short",
      isStacked: true,
      width: 6,
      queries: { "{{reason}}": `sum by (reason) (${hourly("plimsoll_schedules_omitted_total")})` },
    },
    {
      title: "From a time to its run",
      description: "Of the runs that were made in the hour before; a schedule's jitter doesn't count.",
      unit: "s",
      width: 6,
      queries: { p50: delay(0.5), p95: delay(0.95) },
    },
  ],
};
