import { duration, parseDuration } from "@plimsoll/api";
import * as z from "zod";
import type { HistoryOptions } from "./estimate/history.ts";

const percent = (value: number, most: number, description: string) => z.number().min(0).max(most).default(value).meta({ description });

/** A duration that is at least so many milliseconds. */
const atLeast = (text: string) => duration.refine((given) => parseDuration(given) >= parseDuration(text), `must be at least ${text}`);

/** The feature's own keys in the controller's configuration file. */
export const config = z.object({
  interval: atLeast("1s").default("1m").meta({ description: "How often metrics.k8s.io is asked what pods use." }),
  checkpointInterval: atLeast("1s")
    .default("5m")
    .meta({ description: "How long what has changed in a policy's status may wait, if it is nothing that people act on." }),
  recommender: z
    .strictObject({
      halfLife: atLeast("1m").default("24h").meta({ description: "After how long what was seen counts half as much." }),
      memoryWindow: atLeast("1m")
        .default("24h")
        .meta({ description: "Of memory, the most of each such span counts, those of long ago the less." }),
      cpuPercentile: percent(90, 100, "Which part of the time what is asked for should be enough CPU, in percent."),
      memoryPercentile: percent(90, 100, "In which part of the spans it should be enough memory, in percent."),
      margin: percent(15, 1_000, "How much is put on top, in percent."),
    })
    .prefault({})
    .meta({ description: "What recommendations are made by. The defaults are those that VerticalPodAutoscaler publishes." }),
});

export type RightSizingConfig = z.output<typeof config>;

/** What is estimated by. */
export function historyOptionsOf({ recommender }: Pick<RightSizingConfig, "recommender">): HistoryOptions {
  return {
    halfLife: parseDuration(recommender.halfLife),
    memoryWindow: parseDuration(recommender.memoryWindow),
    cpuPercentile: recommender.cpuPercentile / 100,
    memoryPercentile: recommender.memoryPercentile / 100,
    margin: recommender.margin / 100,
  };
}
