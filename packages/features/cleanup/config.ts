import { duration, parseDuration } from "@plimsoll/api";
import { cloudConfig } from "@plimsoll/cloud";
import * as z from "zod";
import type { Policy } from "./policy.ts";

/** The feature's own keys in the controller's configuration file. */
export const config = z
  .object({
    cloud: cloudConfig
      .nullable()
      .default(null)
      .meta({ description: "Where the nodes' machines are. Needed where the feature is enabled." }),
    dryRun: z
      .boolean()
      .default(true)
      .meta({ description: "Whether nodes that would be deleted are only told of, by events and metrics.", live: true }),
    notReadyFor: duration
      .default("10m")
      .meta({ description: "How long a node must have been NotReady before its machine is asked for.", live: true }),
    graceAfterCreation: duration.default("15m").meta({
      description: "How long after its creation a node is left alone: a cloud may not know a new machine everywhere.",
      live: true,
    }),
    checkInterval: duration.default("1m").meta({
      description: "How often it is looked for such nodes. A machine must be gone at two looks, at least as far apart.",
      live: true,
    }),
    breaker: z
      .strictObject({
        maxCount: z
          .int()
          .min(1)
          .max(10_000)
          .default(10)
          .meta({ description: "Of more nodes than these none is deleted, those of the window before counted in.", live: true }),
        maxPercent: z
          .number()
          .min(0)
          .max(100)
          .default(10)
          .meta({ description: "The same, in percent of all nodes; of a single node it is never too few.", live: true }),
        window: duration.default("1h").meta({ description: "For how long a node that was deleted counts.", live: true }),
      })
      .prefault({})
      .meta({ description: "When so many machines are gone that rather the answer is wrong." }),
  })
  .superRefine((given, context) => {
    // In the configuration file, where the feature can be enabled.
    if ("enabled" in given && given.enabled === true && given.cloud === null)
      context.addIssue({
        code: "custom",
        path: ["cloud"],
        message: 'is missing: say where the nodes\' machines are, as in {provider: aws, region: eu-central-1, account: "123456789012"}',
      });
  });

export type CleanupConfig = z.output<typeof config>;

/** What is decided by, in milliseconds. */
export function policyOf({ dryRun, notReadyFor, graceAfterCreation, checkInterval, breaker }: CleanupConfig): Policy {
  return {
    dryRun,
    notReadyFor: parseDuration(notReadyFor),
    graceAfterCreation: parseDuration(graceAfterCreation),
    checkInterval: parseDuration(checkInterval),
    maxCount: breaker.maxCount,
    maxPercent: breaker.maxPercent,
    window: parseDuration(breaker.window),
  };
}
