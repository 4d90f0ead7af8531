import { drain } from "./drain.ts";
import { pipelineRun } from "./pipeline-run.ts";
import { pipeline } from "./pipeline.ts";

/** Every kind, in the order of the reference. */
export const kinds = [pipeline, pipelineRun, drain] as const;
