import * as z from "zod";

/** What the updater remembers from one run to the next. */
export const memorySchema = z.strictObject({
  /** Of the newest list of releases that it has seen. */
  serial: z.int().default(0),
  /** What it is doing. */
  attempt: z
    .strictObject({
      version: z.string(),
      digest: z.string(),
      /** The revision to go back to: the last that was deployed. */
      from: z.int(),
      /** The newest revision before it. */
      over: z.int(),
      /** RFC 3339. */
      startedAt: z.string(),
      /** Set when it goes back. */
      back: z
        .strictObject({
          why: z.string(),
          startedAt: z.string(),
          /** The newest revision when it began. */
          over: z.int(),
        })
        .optional(),
    })
    .optional(),
  /** What didn't come to stay: it isn't tried again. */
  failed: z
    .array(
      z.strictObject({
        version: z.string(),
        digest: z.string(),
        why: z.string(),
        at: z.string(),
        /** How its attempt ended. */
        reason: z.enum(["RolledBack", "RollbackFailed", "TakenOver"]).default("RolledBack"),
      }),
    )
    .default([]),
});

export type Memory = z.output<typeof memorySchema>;
export type Attempt = NonNullable<Memory["attempt"]>;
export type Failed = Memory["failed"][number];

/** Versions that are remembered as failed. */
const most = 20;

/** With one more that didn't come to stay, and nothing under way. */
export function withFailure(
  { serial, failed }: Memory,
  { version, digest }: Attempt,
  { reason, why }: Pick<Failed, "reason" | "why">,
  now: number,
): Memory {
  const others = failed.filter((one) => one.digest !== digest);
  return { serial, failed: [...others, { version, digest, why, at: new Date(now).toISOString(), reason }].slice(-most) };
}
