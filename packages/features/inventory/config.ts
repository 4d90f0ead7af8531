import { duration } from "@plimsoll/api";
import * as z from "zod";

const limit = (value: number, what: string) =>
  z
    .int()
    .min(0)
    .max(10_000)
    .default(value)
    .meta({ description: `How many ${what} have series of their own in the metrics; the others are together, as \`(other)\`.` });

/** The feature's own keys in the controller's configuration file. */
export const config = z.object({
  usageInterval: duration.default("1m").meta({
    description:
      "How often metrics.k8s.io is asked what nodes and pods use; `0s`: never. Without a metrics server, nothing is shown as used.",
  }),
  customResources: z
    .array(
      z.strictObject({
        group: z.string().min(1).meta({ description: "The API group, as in ray.io." }),
        version: z.string().min(1).meta({ description: "The version by which it is read, as in v1." }),
        resource: z.string().min(1).meta({ description: "The plural, as in rayclusters." }),
      }),
    )
    .default([])
    .meta({ description: "Custom resources to count. An extension has to open each to be listed." }),
  bigData: z.boolean().default(false).meta({
    description:
      "Whether the kinds of Ocean for Spark (wave.spot.io, bigdata.spot.io) are counted, too. The installation then opens these to be listed, and gives users the right to read them and to set BigDataEnvironments.",
  }),
  customInterval: duration.default("5m").meta({ description: "How often they are counted." }),
  resources: z
    .array(z.string().min(1))
    .default(["cpu", "memory", "ephemeral-storage", "nvidia.com/gpu", "amd.com/gpu", "google.com/tpu"])
    .meta({ description: "The resources of nodes and pods that are in the metrics." }),
  series: z
    .strictObject({
      nodes: limit(200, "nodes"),
      namespaces: limit(200, "namespaces"),
      kinds: limit(30, "kinds of workloads"),
      pipelines: limit(200, "pipelines"),
    })
    .prefault({})
    .meta({ description: "What bounds the metrics." }),
});

export type InventoryConfig = z.output<typeof config>;
