import type { Subject } from "kubernetes-types/rbac/v1.d.ts";
import { messageOf } from "@plimsoll/kube/message";
import { UsageError } from "../../failure.ts";
import { titleOf } from "../objects/role.ts";

/** Whether a subject, as `ServiceAccount team-a/builder` or `Group developers`, fits a regular expression; all do without one. Throws a UsageError. */
export function subjectFilter(expression: string | undefined): (subject: Subject) => boolean {
  if (expression === undefined) return () => true;
  try {
    const fits = new RegExp(expression, "s");
    return (subject) => fits.test(titleOf(subject));
  } catch (error) {
    throw new UsageError(`${expression}: ${messageOf(error)}`);
  }
}
