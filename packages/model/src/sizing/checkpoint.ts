import * as z from "zod";

const amount = z.number().nonnegative();
const instant = z.number();
const count = z.int().nonnegative();

const histogram = z.object({
  at: instant,
  first: count,
  weights: z.array(z.int().min(0).max(99_999)).max(1_000),
  total: amount,
});

/** What is written of a history. Later versions read this one, too. */
export const checkpointSchema = z.object({
  version: z.literal(1),
  /** The settings that weights depend on. */
  scheme: z.string(),
  cpu: histogram.optional(),
  memory: histogram.optional(),
  /** The span whose most memory is still being measured. */
  window: z.object({ end: instant, peak: amount, oomPeak: amount }).optional(),
  samples: count,
  since: instant.optional(),
  seenAt: instant.optional(),
  ooms: count,
  oomAt: instant.optional(),
});

export type Checkpoint = z.output<typeof checkpointSchema>;
