import { validity, type Condition, type PipelineSchedule, type Problem } from "@plimsoll/api";
import { isDeepStrictEqual } from "node:util";

/** The condition that tells whether a schedule or a backfill can be carried out as it is written. */
export function valid(object: Pick<PipelineSchedule, "metadata">, now: number, problems: readonly Problem[]): Condition {
  return validity(object, now, problems, "it can be carried out");
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
