import * as z from "zod";
import { time } from "../schema/field.ts";
import { sparkApplicationSpec } from "./application-spec.ts";

/** The spec of a ScheduledSparkApplication, with the fields that are carried out. */
export const scheduledSparkApplicationSpec = z.strictObject({
  schedule: z.string().min(1).max(1000).describe("When it runs, as a CronJob has it; also @daily and the like, and @every 90m."),
  timeZone: z.string().min(1).max(100).optional().describe("The time zone of the schedule, as in Europe/Zurich. Default: UTC."),
  suspend: z.boolean().optional().describe("Whether no more runs are started."),
  concurrencyPolicy: z
    .enum(["Allow", "Forbid", "Replace"])
    .optional()
    .describe("What happens while the run before goes on. Default: Allow."),
  successfulRunHistoryLimit: z.int().min(0).optional().describe("How many that succeeded are kept. Default: 1."),
  failedRunHistoryLimit: z.int().min(0).optional().describe("How many that failed are kept. Default: 1."),
  template: sparkApplicationSpec.describe("What each run's spec is."),
});

/** The spec of a ScheduledSparkApplication. */
export type ScheduledSparkApplicationSpec = z.output<typeof scheduledSparkApplicationSpec>;

/** The status of a ScheduledSparkApplication, as the Spark operator writes it. */
export const scheduledSparkApplicationStatus = z.looseObject({
  lastRun: time.optional().describe("The time of the last run."),
  nextRun: time.optional().describe("The time of the next run."),
  lastRunName: z.string().optional().describe("The SparkApplication of the last run."),
  pastSuccessfulRunNames: z.array(z.string()).optional(),
  pastFailedRunNames: z.array(z.string()).optional(),
  scheduleState: z.string().optional().describe("Scheduled, or FailedValidation."),
  reason: z.string().optional().describe("Why, with the field that is wrong and the way out."),
});

/** The status of a ScheduledSparkApplication. */
export type ScheduledSparkApplicationStatus = z.output<typeof scheduledSparkApplicationStatus>;
