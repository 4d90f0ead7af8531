import * as z from "zod";
import { conditionsSchema } from "./condition.ts";
import { crd, time } from "../schema/field.ts";
import { pipelineSpec } from "../kinds/pipeline.ts";
import { reasons } from "../step/retry.ts";
import { sizedTry } from "./sizing.ts";

const outputs = z.record(z.string(), z.string());

const item = z.int().describe("The item's place in the list, from 0; none for a step that runs once.");

const endedTry = z.strictObject({
  item: item.optional(),
  try: z.int().describe("The how-manieth try it was, from 1."),
  reason: z.enum(reasons).describe("What ended it."),
  exitCode: z.int().optional().describe("The program's exit code, where the reason is ExitCode."),
  message: z.string().describe("The same in words."),
  finishedAt: time.describe("When it ended, or was seen to have ended."),
});

/** A try that ended without success. */
export type EndedTry = z.infer<typeof endedTry>;

const pendingRetry = z.strictObject({
  item: item.optional(),
  tries: z.int().describe("How many pods have been made and have ended."),
  failures: z.int().describe("How many of them count against retry.limit."),
  outOfMemory: z.int().optional().describe("How many of them ran out of memory."),
  memory: z
    .string()
    .optional()
    .describe("What the next one asks for at least, of a step with resources.auto, as the last was killed for want of memory."),
  retryAt: time.optional().describe("When the next pod is made; none: it has been."),
});

/** An item whose next try is due or under way. */
export type PendingRetry = z.infer<typeof pendingRetry>;

/** The schema of one step's part of a run's status. */
export const stepStatus = z.strictObject({
  phase: z
    .enum(["Pending", "Running", "Succeeded", "Failed", "Skipped", "Cancelled"])
    .describe("Where the step stands. Pending: its pods can't be created for now. A step without an entry waits for what it needs."),
  startedAt: time.optional().describe("When it started, or tried to."),
  finishedAt: time.optional().describe("When it ended."),
  items: z
    .strictObject({
      total: z.int().describe("How many items there are."),
      started: z.int().optional().describe("How many items have begun: the first ones of the list."),
      active: z.int().optional().describe("How many pods run or wait to."),
      succeeded: z.int().optional().describe("How many items have succeeded."),
      failed: z.int().optional().describe("How many items have failed for good."),
      succeededIndexes: z.string().optional().describe("Which items have succeeded, as in 0-4,7; none when all have."),
      failedIndexes: z.string().optional().describe("Which items have failed for good, as in 5,6."),
    })
    .optional()
    .describe("The items of a step with forEach."),
  tries: z.array(endedTry).optional().describe("The last tries that did not succeed, at most 20."),
  retries: z.array(pendingRetry).optional().describe("Items that are to be tried again, or are being."),
  sizing: z
    .array(sizedTry)
    .optional()
    .describe(
      "Of a step with resources.auto, what the last pods that succeeded or were killed for want of memory had, and used: at most 100.",
    ),
  outputs: z
    .union([outputs, z.array(outputs)])
    .optional()
    .describe("What the step wrote to $PLIMSOLL_OUTPUTS; a list with an entry an item where the step has forEach.")
    .meta(crd({ preserve: true })),
  message: z.string().optional().describe("Why the step waits, failed or was skipped."),
});

/** One step's part of a run's status. */
export type StepStatus = z.infer<typeof stepStatus>;

export const runStatus = z.strictObject({
  observedGeneration: z.int().optional().describe("The metadata.generation that this status is about."),
  updatedAt: time.optional().describe("When the controller wrote this status last."),
  phase: z.enum(["Pending", "Running", "Succeeded", "Failed", "Cancelled"]).optional().describe("Where the run stands."),
  startedAt: time.optional().describe("When the run started."),
  finishedAt: time.optional().describe("When the run ended."),
  outcome: z
    .strictObject({
      phase: z.enum(["Succeeded", "Failed", "Cancelled"]).describe("The phase: `run.outcome` in the steps of `finally`."),
      message: z.string().optional().describe("Why the run failed."),
    })
    .optional()
    .describe("What all steps but those of `finally` have come to, where the pipeline has such steps."),
  message: z.string().optional().describe("Why the run failed: the step and its reason, or the time limit."),
  progress: z.string().optional().describe("Steps that have ended, of all."),
  steps: z
    .record(z.string(), stepStatus)
    .optional()
    .describe("Each step that has started or been skipped, or can't start for now, by its name.")
    .meta(crd({ atomic: true })),
  pipeline: pipelineSpec
    .optional()
    .describe("The Pipeline as it was when the run started, where the run names one.")
    .meta(crd({ preserve: true, atomic: true })),
  conditions: conditionsSchema(
    "the run",
    "Valid: whether the run can be carried out as it is written. DisruptionAllowed: whether its pods can be evicted, said where a PodDisruptionBudget kept them from it.",
  ),
});

/** A PipelineRun's status. */
export type RunStatus = z.input<typeof runStatus>;
