import { validity, type Condition, type PipelineSchedule, type Problem } from "@plimsoll/api";

/** The condition that tells whether a schedule or a backfill can be carried out as it is written. */
export function valid(object: Pick<PipelineSchedule, "metadata">, now: number, problems: readonly Problem[]): Condition {
  return validity(object, now, problems, "it can be carried out");
}
