import { backfill } from "./backfill.ts";
import { drain } from "./drain.ts";
import { pipelineRun } from "./pipeline-run.ts";
import { pipelineSchedule } from "./pipeline-schedule.ts";
import { pipeline } from "./pipeline.ts";
import { rightSizingPolicy } from "./right-sizing-policy.ts";
import { workloadSet } from "./workload-set.ts";

/** Every kind, in the order of the reference. */
export const kinds = [pipeline, pipelineRun, pipelineSchedule, backfill, workloadSet, rightSizingPolicy, drain] as const;
