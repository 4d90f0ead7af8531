import { withLines, type CustomObject, type Manifest, type Problem, type RightSizingPolicy } from "@plimsoll/api";
import { problemsOf } from "./decide/settings.ts";

/** What the controller would refuse of a policy, with the lines of its file. */
export function problemsIn({ object, lineOf }: Manifest<CustomObject>): Problem[] {
  return object.kind === "RightSizingPolicy" ? withLines(problemsOf(object as RightSizingPolicy), lineOf) : [];
}
