import { withLines, type CustomObject, type Manifest, type Problem, type RightSizingPolicy } from "@plimsoll/api";
import { windowProblems, type RecurrenceOf } from "./decide/window.ts";

/** What of a policy's windows the controller would refuse, with the lines of its file. */
export function problemsIn({ object, lineOf }: Manifest<CustomObject>, recurrenceOf: RecurrenceOf): Problem[] {
  return object.kind === "RightSizingPolicy" ? withLines(windowProblems(object as RightSizingPolicy, recurrenceOf), lineOf) : [];
}
