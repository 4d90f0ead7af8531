import type { InventoryConfig } from "./config.ts";

type Counted = InventoryConfig["customResources"][number];

/** The kind whose objects users switch. */
export const environments = { group: "bigdata.spot.io", version: "v1", resource: "bigdataenvironments" } as const satisfies Counted;

/** The kinds of Spot's Wave and of Ocean for Spark: what they run of Spark, and on what. */
export const bigDataKinds: readonly Counted[] = [
  ...["sparkapplications", "wavecomponents", "waveenvironments"].map((resource) => ({
    group: "wave.spot.io",
    version: "v1alpha1",
    resource,
  })),
  environments,
];

/** Every custom resource that is counted, once: those of Ocean for Spark where the configuration wants them. */
export function countedOf({ customResources, bigData }: Pick<InventoryConfig, "customResources" | "bigData">): readonly Counted[] {
  const named = new Set(customResources.map(({ group, resource }) => `${resource}.${group}`));
  return [...customResources, ...(bigData ? bigDataKinds.filter(({ group, resource }) => !named.has(`${resource}.${group}`)) : [])];
}
