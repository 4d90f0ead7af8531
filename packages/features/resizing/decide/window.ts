import { parseDuration, type Problem, type RightSizingPolicy } from "@plimsoll/api";

/** When something recurs, by whoever reads cron expressions. Times are milliseconds since 1970. */
export interface Recurrence {
  next: (after: number) => number | undefined;
  previous: (before: number) => number | undefined;
}

/** What reads when a window opens; gives what is wrong with the fields `cron` and `timeZone`. */
export type RecurrenceOf = (spec: { cron: string; timeZone?: string | undefined }) => { recurrence: Recurrence } | { problems: Problem[] };

/** Whether a policy's windows let it change anything. */
export interface Openness {
  isOpen: boolean;
  /** When that changes; undefined: never. */
  until: number | undefined;
}

/** What is wrong with a policy's windows. */
export function windowProblems({ spec }: Pick<RightSizingPolicy, "spec">, recurrenceOf: RecurrenceOf): Problem[] {
  return (spec.windows ?? []).flatMap(({ cron, timeZone }, index): Problem[] => {
    const found = recurrenceOf({ cron, timeZone });
    return "recurrence" in found
      ? []
      : found.problems.map((problem) => ({ ...problem, path: ["spec", "windows", index, ...problem.path] }));
  });
}

/** Whether one of a policy's windows, which have no problems, is open; without any, it always is. */
export function openness({ spec }: Pick<RightSizingPolicy, "spec">, recurrenceOf: RecurrenceOf, now: number): Openness {
  if (spec.windows === undefined) return { isOpen: true, until: undefined };
  let [opensAt, closesAt] = [Infinity, -Infinity];
  for (const { cron, duration, timeZone } of spec.windows) {
    const found = recurrenceOf({ cron, timeZone });
    if (!("recurrence" in found)) continue;
    // One that opens now is open.
    const last = found.recurrence.previous(now + 1);
    const end = last === undefined ? -Infinity : last + parseDuration(duration);
    if (end > now) closesAt = Math.max(closesAt, end);
    opensAt = Math.min(opensAt, found.recurrence.next(now) ?? Infinity);
  }
  if (closesAt > now) return { isOpen: true, until: closesAt };
  return { isOpen: false, until: opensAt === Infinity ? undefined : opensAt };
}
