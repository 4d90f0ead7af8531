import { formatPath, type Condition, type PipelineRun, type Problem } from "@plimsoll/api";

type Subject = Pick<PipelineRun, "metadata">;

/** A condition of a run, as of now. */
export function conditionOf(run: Subject, now: number, content: Pick<Condition, "type" | "status" | "reason" | "message">): Condition {
  return { ...content, lastTransitionTime: new Date(now).toISOString(), observedGeneration: run.metadata.generation ?? 0 };
}

/** Conditions with one set, which keeps the time of its last transition while its status stays; the same list where nothing changes. */
export function withCondition(conditions: readonly Condition[], next: Condition): readonly Condition[] {
  const before = conditions.find(({ type }) => type === next.type);
  if (before === undefined) return [...conditions, next];
  const { lastTransitionTime } = before.status === next.status ? before : next;
  const after = { ...next, lastTransitionTime };
  const isSame = after.status === before.status && after.reason === before.reason && after.message === before.message;
  return isSame ? conditions : conditions.map((condition) => (condition === before ? after : condition));
}

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
