import * as z from "zod";

/** The feature's own keys in the controller's configuration file. */
export const config = z.object({
  podQPS: z.number().min(1).max(100_000).default(100).meta({
    description:
      "How many pods may be created a second over time, for all runs together. Kubernetes' scheduler places 50 a second by default.",
    live: true,
  }),
  podBurst: z
    .int()
    .min(1)
    .max(100_000)
    .default(200)
    .meta({ description: "How many pods may be created at once, after a pause.", live: true }),
});

export type PipelinesConfig = z.output<typeof config>;
