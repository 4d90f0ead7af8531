import * as z from "zod";
import { crd, time } from "../schema/field.ts";

/** The states of an application, as the Spark operator writes them; empty: it is new. */
export const applicationStates = [
  "",
  "SUBMITTED",
  "RUNNING",
  "COMPLETED",
  "FAILED",
  "SUBMISSION_FAILED",
  "PENDING_RERUN",
  "INVALIDATING",
  "SUCCEEDING",
  "FAILING",
  "SUSPENDING",
  "SUSPENDED",
  "RESUMING",
  "UNKNOWN",
] as const;

/** The state of an application. */
export type ApplicationState = (typeof applicationStates)[number];

/** The states of an executor, as the Spark operator writes them. */
export type ExecutorState = "PENDING" | "RUNNING" | "COMPLETED" | "FAILED" | "UNKNOWN";

/** The status of a SparkApplication, as the Spark operator writes it. */
export const sparkApplicationStatus = z.looseObject({
  sparkApplicationId: z.string().optional().describe("spark.app.id of the last attempt."),
  submissionID: z.string().optional().describe("Of the last attempt: the generation, the attempt, and a digest of the spec."),
  lastSubmissionAttemptTime: time.optional().describe("When the driver was last made, or could not be."),
  terminationTime: time.optional().describe("When it ended."),
  driverInfo: z
    .looseObject({
      podName: z.string().optional(),
      webUIServiceName: z.string().optional(),
      webUIAddress: z.string().optional().describe("Of the Spark UI in the cluster, while the driver runs."),
      webUIPort: z.int().optional(),
    })
    .optional()
    .describe("The driver of the last attempt."),
  applicationState: z
    .looseObject({
      state: z.string().describe("Where the application stands."),
      errorMessage: z.string().optional().describe("Why it failed, with the field that is wrong and the way out."),
    })
    .optional(),
  executorState: z
    .record(z.string(), z.string())
    .optional()
    .describe("The executors of the last attempt, by the names of their pods.")
    .meta(crd({ atomic: true })),
  executionAttempts: z.int().optional().describe("How often it was run."),
  submissionAttempts: z.int().optional().describe("How often this run's driver was to be made."),
});

/** The status of a SparkApplication. */
export type SparkApplicationStatus = z.output<typeof sparkApplicationStatus>;
