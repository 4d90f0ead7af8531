import { conditionOf, formatPath, type Condition, type PipelineRun, type Problem } from "@plimsoll/api";

type Subject = Pick<PipelineRun, "metadata">;

/** The condition that tells whether a run can be carried out as it is written. */
export function valid(run: Subject, now: number, problems: readonly Problem[]): Condition {
  const [first, ...others] = problems;
  return conditionOf(run, now, {
    type: "Valid",
    status: first === undefined ? "True" : "False",
    reason: first === undefined ? "Checked" : "Invalid",
    message:
      first === undefined
        ? "the pipeline can be run"
        : `${formatPath(first.path)}: ${first.message}${others.length > 0 ? ` (and ${others.length} more)` : ""}`,
  });
}
