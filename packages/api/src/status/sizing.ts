import * as z from "zod";
import { crd, time } from "../schema/field.ts";

/** How a pod of a step with resources.auto went. */
const tried = {
  pod: z.string().max(63).describe("The first eight digits of the pod's UID."),
  size: z.number().optional().describe("How much work it was, where resources.auto.key gives a number."),
  memory: z.string().describe("Its memory limit."),
  peak: z.string().optional().describe("The most memory that it was seen to use; none: it was over before that was measured."),
  used: z.string().optional().describe("The CPU that it was seen to use, on average."),
  killed: z.boolean().optional().describe("Whether it was killed for want of memory."),
};

const className = z.string().max(63).optional().describe("The class that it is of, where resources.auto.key gives a text.");

/** A try as the status of its run tells of it. */
export const sizedTry = z.strictObject({
  item: z.int().optional().describe("The item's place in the list, from 0; none for a step that runs once."),
  try: z.int().describe("The how-manieth try it was, from 1."),
  ...tried,
  class: className,
  cpu: z.string().optional().describe("The CPU that it asked for."),
  basis: z
    .enum(["Measured", "Limits", "Nothing", "Killed"])
    .describe(
      "What its memory went by. Measured: peaks of earlier tries. Limits: limits with which these were killed or not, as they were over before they could be measured. Nothing: there were none, so that it got the most. Killed: the try before was killed, so that it got more.",
    ),
});

/** A try of a step with resources.auto that has ended. */
export type SizedTry = z.infer<typeof sizedTry>;

/** What is known of the tries of one class of a step. */
export const sizedClass = z.strictObject({
  class: className,
  updatedAt: time.describe("When it was written last."),
  tries: z.array(z.strictObject(tried)).describe("The last tries, at most 100, the newest at the end."),
});

/** What a Pipeline remembers of the tries of one class of a step. */
export type SizedClass = z.infer<typeof sizedClass>;

/** A Pipeline's status. */
export const pipelineStatus = z.strictObject({
  sizing: z
    .record(z.string(), z.array(sizedClass))
    .optional()
    .describe("Of each step with resources.auto, how its last tries went: what the next ones go by.")
    .meta(crd({ atomic: true })),
});

/** A Pipeline's status. */
export type PipelineStatus = z.infer<typeof pipelineStatus>;
