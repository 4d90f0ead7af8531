import { formatPath, type Condition, type PipelineRun, type Problem, type RunStatus } from "@plimsoll/api";

/** The condition that tells whether a run can be carried out as it is written. */
export function valid(run: Pick<PipelineRun, "metadata">, now: number, problems: readonly Problem[]): Condition {
  const [first, ...others] = problems;
  return {
    type: "Valid",
    status: first === undefined ? "True" : "False",
    reason: first === undefined ? "Checked" : "Invalid",
    message:
      first === undefined
        ? "the pipeline can be run"
        : `${formatPath(first.path)}: ${first.message}${others.length > 0 ? ` (and ${others.length} more)` : ""}`,
    lastTransitionTime: new Date(now).toISOString(),
    observedGeneration: run.metadata.generation ?? 0,
  };
}

/** Whether a mistake has been found in the run. */
export function isInvalid(run: PipelineRun): boolean {
  return run.status?.conditions?.some(({ type, status }) => type === "Valid" && status === "False") ?? false;
}

/** The status of a run that ends before anything is created. */
export function refused(run: PipelineRun, problems: readonly Problem[], now: number): RunStatus {
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
