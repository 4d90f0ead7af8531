import { backfill } from "./backfill.ts";
import { pipelineRun } from "./pipeline-run.ts";
import { pipelineSchedule } from "./pipeline-schedule.ts";
import { pipeline } from "./pipeline.ts";

/** Every kind, in the order of the reference. */
export const kinds = [pipeline, pipelineRun, pipelineSchedule, backfill] as const;
