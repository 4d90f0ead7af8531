import type { PipelineRun, Problem, RunStatus } from "@plimsoll/api";
import { valid } from "./condition.ts";

/** The status of a run that ends before anything is created. */
export function refusedStatus(run: PipelineRun, problems: readonly Problem[], now: number): RunStatus {
  const condition = valid(run, now, problems);
  const at = new Date(now).toISOString();
  return {
    observedGeneration: run.metadata.generation ?? 0,
    phase: "Failed",
    startedAt: at,
    finishedAt: at,
    message: condition.message,
    conditions: [condition],
  };
}
