import { conditionOf, formatPath, type Condition, type PipelineSchedule, type Problem } from "@plimsoll/api";
import { isDeepStrictEqual } from "node:util";

/** Whether an object can be carried out as it is written. */
export function validity(object: Pick<PipelineSchedule, "metadata">, now: number, problems: readonly Problem[]): Condition {
  return conditionOf(object, now, {
    type: "Valid",
    ...(problems.length === 0
      ? { status: "True", reason: "Checked", message: "it can be carried out" }
      : { status: "False", reason: "Invalid", message: firstOf(problems) }),
  });
}

/** The first of some problems, and how many more there are. */
export function firstOf([first, ...others]: readonly Problem[]): string {
  if (first === undefined) return "";
  return `${formatPath(first.path)}: ${first.message}${others.length > 0 ? ` (and ${others.length} more)` : ""}`;
}

/** What a merge patch has to say so that one status becomes another; undefined where they are the same. */
export function statusChange(before: object = {}, after: object): object | undefined {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changes = [...keys].flatMap((key) => {
    const [old, now]: unknown[] = [Reflect.get(before, key), Reflect.get(after, key)];
    return isDeepStrictEqual(old, now) ? [] : [[key, now ?? null] as const];
  });
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}
