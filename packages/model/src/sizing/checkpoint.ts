import * as z from "zod";

const amount = z.number().nonnegative();
/** Milliseconds since 1970 that a Date can hold. */
const instant = z.number().min(0).max(8.64e15);
const count = z.int().nonnegative();

/** Weights by bucket, exact: eight bytes each, in base64. */
const weights = z
  .base64()
  .max(16_384)
  .transform((text, context) => {
    const bytes = Uint8Array.from(Buffer.from(text, "base64"));
    if (bytes.length % 8 === 0) {
      const read = new Float64Array(bytes.buffer);
      if (read.every((weight) => Number.isFinite(weight) && weight >= 0)) return read;
    }
    context.addIssue("these are no weights");
    return z.NEVER;
  });

/** The time as of which weights are, the bucket of the first of them, and all together. */
const histogram = z.object({ at: instant, first: count, weights, total: amount });

/** What is read of a histogram. */
export type ReadHistogram = z.output<typeof histogram>;
/** What is written of a histogram. */
export type WrittenHistogram = z.input<typeof histogram>;

const rises = z.object({ rises: histogram.optional(), count, end: instant, peak: amount, before: amount.optional() });

export type ReadRises = z.output<typeof rises>;
export type WrittenRises = z.input<typeof rises>;

/** What is written of a history. Later versions read this one, too. */
export const checkpointSchema = z.object({
  version: z.literal(1),
  /** The settings that weights depend on. */
  scheme: z.string(),
  cpu: histogram.optional(),
  memory: histogram.optional(),
  /** The span whose most memory is still being measured. */
  window: z.object({ end: instant, peak: amount, oomPeak: amount }).optional(),
  /** Where memory is followed. */
  rises: rises.optional(),
  samples: count,
  since: instant.optional(),
  seenAt: instant.optional(),
  ooms: count,
  oomAt: instant.optional(),
});

/** What is written of a history. */
export type Checkpoint = z.input<typeof checkpointSchema>;
/** What is read of one. */
export type ReadCheckpoint = z.output<typeof checkpointSchema>;
