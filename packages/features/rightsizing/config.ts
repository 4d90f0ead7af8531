import { duration, looseQuantity, parseDuration } from "@plimsoll/api";
import { milliOf, parseQuantity, valueOf } from "@plimsoll/model";
import { closeSettings, vpaSettings, type ResourceSettings, type SizingSettings } from "@plimsoll/model/sizing";
import * as z from "zod";

const percent = (value: number, most: number, description: string) => z.number().min(0).max(most).default(value).meta({ description });

/** A duration that is at least so many milliseconds. */
const atLeast = (text: string) => duration.refine((given) => parseDuration(given) >= parseDuration(text), `must be at least ${text}`);

const floor = (value: string, what: string) =>
  looseQuantity
    .refine((given) => (parseQuantity(given) ?? -1n) >= 0n, "must be a quantity, as in 500m or 1Gi, and not less than nothing")
    .default(value)
    .meta({ description: `No container is recommended less ${what}; a policy's bounds hold beside that.` });

/** The feature's own keys in the controller's configuration file. */
export const config = z.object({
  interval: atLeast("1s").default("1m").meta({ description: "How often metrics.k8s.io is asked what pods use." }),
  checkpointInterval: atLeast("1s")
    .default("5m")
    .meta({ description: "How long what has changed in a policy's status may wait, if it is nothing that people act on." }),
  recommender: z
    .strictObject({
      basis: z.enum(["usual", "close"]).default("usual").meta({
        description:
          "What the other keys hold beside: where one isn't as by default, it holds. usual: what VerticalPodAutoscaler publishes. close: less, for policies that change requests in place, as memory is followed from hour to hour; percentiles, margin, half-life and floors are its own. Who changes it begins with no history.",
      }),
      halfLife: atLeast("1m")
        .default("24h")
        .meta({ description: "After how long what was seen counts half as much. Who changes it begins with no history." }),
      memoryWindow: atLeast("1m").default("24h").meta({
        description: "Of memory, the most of each such span counts, those of long ago the less. Who changes it begins with no history.",
      }),
      cpuPercentile: percent(90, 100, "Which part of the time what is asked for should be enough CPU, in percent."),
      memoryPercentile: percent(90, 100, "In which part of the spans it should be enough memory, in percent."),
      cpuFloor: floor("25m", "CPU"),
      memoryFloor: floor("250Mi", "memory"),
      margin: percent(15, 1_000, "How much is put on top, in percent."),
    })
    .prefault({})
    .meta({ description: "What recommendations are made by." }),
});

export type RightSizingConfig = z.output<typeof config>;

/** No container uses more: 10,000 cores, in thousandths, and 1 PiB. */
const most = { cpu: 10_000_000, memory: 2 ** 50 } as const;

/** What is estimated by. */
export function sizingSettingsOf({ recommender }: Pick<RightSizingConfig, "recommender">): SizingSettings {
  const base = recommender.basis === "close" ? closeSettings : vpaSettings;
  const { halfLife, memoryWindow, margin, cpuPercentile, memoryPercentile, cpuFloor, memoryFloor } = setIn(recommender);
  const all: Partial<ResourceSettings> = {
    ...(halfLife !== undefined && { halfLife: parseDuration(halfLife) }),
    ...(margin !== undefined && { margin: margin / 100, steadyMargin: margin / 100 }),
  };
  return {
    ...base,
    ...(memoryWindow !== undefined && { window: parseDuration(memoryWindow) }),
    cpu: {
      ...base.cpu,
      ...all,
      most: most.cpu,
      ...(cpuPercentile !== undefined && { percentile: percentilesOf(cpuPercentile) }),
      ...(cpuFloor !== undefined && { floor: milliOf(cpuFloor) }),
    },
    memory: {
      ...base.memory,
      ...all,
      most: most.memory,
      ...(memoryPercentile !== undefined && { percentile: percentilesOf(memoryPercentile) }),
      ...(memoryFloor !== undefined && { floor: valueOf(memoryFloor) }),
    },
  };
}

/** The keys that aren't as by default. */
function setIn(recommender: RightSizingConfig["recommender"]): Partial<RightSizingConfig["recommender"]> {
  const initial = Object.entries(config.parse({}).recommender);
  return Object.fromEntries(
    Object.entries(recommender).filter(([key, value]) => !initial.some(([name, other]) => name === key && other === value)),
  );
}

/** The bounds stay on their sides of the target. */
function percentilesOf(target: number): SizingSettings["cpu"]["percentile"] {
  const { lower, upper } = vpaSettings.cpu.percentile;
  return { target: target / 100, lower: Math.min(lower, target / 100), upper: Math.max(upper, target / 100) };
}
