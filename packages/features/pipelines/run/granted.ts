import { kindsOf, manifestOf, unlisted, type PipelineRun, type Problem } from "@plimsoll/api";
import type { Plan } from "../plan/plan.ts";
import { objectKindOf } from "../step/kinds.ts";

/** What is wrong where a run's steps make objects of kinds that the installation doesn't grant, or that the run doesn't list though it names its Pipeline. */
export function grantProblems({ spec }: Pick<PipelineRun, "spec">, plan: Plan, granted: { has: (kind: string) => boolean }): Problem[] {
  const ungranted = plan.steps.flatMap((step): Problem[] => {
    const kind = objectKindOf(step.spec);
    if (kind === undefined || granted.has(kind)) return [];
    const path = [...step.at, ...(step.spec.spark === undefined ? ["manifest", "kind"] : ["spark"])];
    return [{ path, message: toGrant(step.spec, kind), rule: "manifest-kind" }];
  });
  if (ungranted.length > 0 || spec.pipeline !== undefined) return ungranted;
  const steps = plan.steps.map((step) => step.spec);
  return unlisted({ manifestKinds: kindsOf({ steps }, `Pipeline "${spec.pipelineRef?.name}"`) }, spec);
}

/** What to do where a kind isn't granted. */
export function toGrant(step: Parameters<typeof manifestOf>[0], kind: string): string {
  const { apiVersion = "", kind: name = "" } = manifestOf(step) ?? {};
  const plural = `${name.toLowerCase()}s`;
  return `${kind} isn't one of the kinds that steps may make here: the installation has to list {apiVersion: ${apiVersion}, kind: ${name}, resource: ${plural}} in features.pipelines.kinds`;
}
