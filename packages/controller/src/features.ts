import { cleanup } from "@plimsoll/features/cleanup";
import { csr } from "@plimsoll/features/csr";
import { draining } from "@plimsoll/features/draining";
import type { Feature } from "@plimsoll/features/feature";
import { inventory } from "@plimsoll/features/inventory";
import { parseValue, pipelinesWith } from "@plimsoll/features/pipelines";
import { resizingWith } from "@plimsoll/features/resizing";
import { rightsizingWith } from "@plimsoll/features/rightsizing";
import { schedulesWith } from "@plimsoll/features/schedules";
import { sparkWith } from "@plimsoll/features/spark";
import { sparkSchedules } from "./spark-schedules.ts";
import { vpa } from "@plimsoll/features/vpa";
import { workloadsWith } from "@plimsoll/features/workloads";
import { UseMeter } from "@plimsoll/model/sizing";
import { recurrenceOf } from "./window-timing.ts";

/** What pods of steps use: measured by the one feature, gone by in the other. */
const meter = new UseMeter();

/** Every feature that there is. */
export const features: readonly Feature[] = [
  pipelinesWith(meter),
  schedulesWith(parseValue),
  inventory,
  draining,
  cleanup,
  csr,
  workloadsWith(parseValue),
  sparkWith(sparkSchedules),
  rightsizingWith(meter),
  resizingWith(recurrenceOf),
  vpa,
];

/** The features of these names; without names, those that run unless the configuration says otherwise. Throws an Error for a name that there is no feature of. */
export function featuresNamed(names: readonly string[] | undefined): readonly Feature[] {
  if (names === undefined) return features.filter(({ isOptIn }) => !isOptIn);
  return names.map((name) => {
    const feature = features.find((feature) => feature.name === name);
    if (feature === undefined)
      throw new Error(`there is no feature "${name}": the features are ${features.map((feature) => feature.name).join(", ")}`);
    return feature;
  });
}
