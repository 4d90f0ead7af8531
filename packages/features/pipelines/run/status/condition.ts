import { validity, type Condition, type PipelineRun, type Problem } from "@plimsoll/api";

/** The condition that tells whether a run can be carried out as it is written. */
export function valid(run: Pick<PipelineRun, "metadata">, now: number, problems: readonly Problem[]): Condition {
  return validity(run, now, problems, "the pipeline can be run");
}
