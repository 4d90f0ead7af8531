import * as z from "zod";
import { duration, shown } from "../schema/field.ts";

/** Why a try of an item ended without success. The names stand in a run's status and in `retry.reasons`. */
export const reasons = [
  "ExitCode",
  "Failed",
  "OOM",
  "Evicted",
  "CannotStart",
  "DeadlineExceeded",
  "InvalidOutputs",
  "Disruption",
  "Deleted",
  "NeverStarted",
  "NodeLost",
  "Vanished",
  "Unknown",
] as const;

/** One of `reasons`. */
export type Reason = (typeof reasons)[number];

/** What comes from outside: by default such a try doesn't count. */
export const disruptions: ReadonlySet<Reason> = new Set<Reason>(["Disruption", "Deleted", "NeverStarted", "NodeLost", "Vanished"]);

const names: ReadonlySet<string> = new Set(reasons);

function isCause(text: string): boolean {
  const [, first, last = first] = /^([0-9]{1,3})(?:-([0-9]{1,3}))?$/.exec(text) ?? [];
  return names.has(text) || (Number(first) <= Number(last) && Number(last) <= 255);
}

const cause = z
  .union([z.int().min(1).max(255), z.string()], "must be an exit code or a reason")
  .refine(
    (value) => isCause(String(value)),
    shown(`must be an exit code of at most 255 (3), a range of them with the lower one first (64-78), or one of ${reasons.join(", ")}`),
  )
  .meta({ "x-kubernetes-int-or-string": true });

const backoff = z.strictObject({
  initial: duration.optional().describe("The pause before the first retry. Default: 10s."),
  factor: z.number().min(1).max(10).optional().describe("By what each further pause is longer. Default: 2."),
  max: duration.optional().describe("The longest pause. Default: 5m."),
});

export const retry = z
  .strictObject({
    limit: z.int().min(0).max(100).describe("How often a failed item is tried again."),
    backoff: backoff.optional().describe("How long to wait before that."),
    // Not `on`, as elsewhere: YAML 1.1, and so kubectl, reads that as `true`.
    reasons: z
      .array(cause)
      .min(1)
      .max(50)
      .optional()
      .describe(
        "What is tried again: exit codes, ranges of them, reasons. Default: every failure. What comes from outside (Disruption, Deleted, NeverStarted, NodeLost, Vanished) is always tried again and doesn't count, unless it is named here: then it counts.",
      ),
    memoryFactor: z
      .number()
      .min(1)
      .max(10)
      .optional()
      .describe("By what the memory in requests and limits grows with each try that ran out of it (OOM). Default: 1."),
  })
  .describe("What to do when an item fails.");

/** When a try is made again, and how often. */
export type Retry = z.infer<typeof retry>;
