import type { Feature } from "@plimsoll/features/feature";
import { parseValue, pipelines } from "@plimsoll/features/pipelines";
import { schedulesWith } from "@plimsoll/features/schedules";

/** Every feature that there is. */
export const features: readonly Feature[] = [pipelines, schedulesWith(parseValue)];

/** The features of these names; every one without names. Throws an Error for a name that there is no feature of. */
export function featuresNamed(names: readonly string[] | undefined): readonly Feature[] {
  if (names === undefined) return features;
  return names.map((name) => {
    const feature = features.find((feature) => feature.name === name);
    if (feature === undefined)
      throw new Error(`there is no feature "${name}": the features are ${features.map((feature) => feature.name).join(", ")}`);
    return feature;
  });
}
