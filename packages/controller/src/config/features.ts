import { config as pipelines, permissions } from "@plimsoll/features/pipelines";
import type { Rate } from "@plimsoll/kube";
import { configSchema, type Config, type ConfigurableFeature } from "./schema.ts";

const configurable: readonly ConfigurableFeature[] = [{ name: permissions.feature, config: pipelines }];

/** What the configuration file of this controller may say. */
export const schema = configSchema(configurable);

/** The names of the features that run. */
export function enabledFeatures({ features }: Config): string[] {
  return Object.entries(features).flatMap(([name, { enabled }]) => (enabled ? [name] : []));
}

/** How many pods may be created a second over time, and at once. */
export function podRate({ features }: Config): Rate {
  const { podQPS, podBurst } = pipelines.parse(features[permissions.feature] ?? {});
  return { qps: podQPS, burst: podBurst };
}
