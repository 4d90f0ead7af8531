import { features, featuresNamed } from "../features.ts";
import type { Chosen } from "../runtime/host.ts";
import { clusterWideCheck, configSchema, ownNamespacesCheck, type Config } from "./schema.ts";

/** What the configuration file of this controller may say. */
export const schema = configSchema(features).superRefine(clusterWideCheck(features)).superRefine(ownNamespacesCheck(features));

/** The names of the features that run. */
export function enabledFeatures({ features }: Config): string[] {
  return Object.entries(features).flatMap(([name, { enabled }]) => (enabled ? [name] : []));
}

/** The features that run, each with its own part of the configuration. */
export function chosenFeatures(config: Config): Chosen[] {
  return featuresNamed(enabledFeatures(config)).map((feature) => ({ feature, config: config.features[feature.name] }));
}
