import * as z from "zod";

/** The feature's own keys in the controller's configuration file. */
export const config = z.object({
  evictionQPS: z
    .number()
    .min(1)
    .max(10_000)
    .default(50)
    .meta({ description: "How many evictions may be asked for a second over time, of all Drains together.", live: true }),
  evictionBurst: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .meta({ description: "How many evictions may be asked for at once, after a pause.", live: true }),
});

export type DrainingConfig = z.output<typeof config>;
