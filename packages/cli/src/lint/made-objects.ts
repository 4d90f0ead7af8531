import { manifestOf, ofRule, valueAt, type Manifest, type Path, type PipelineSpec, type Problem, type Step } from "@plimsoll/api";
import { podProblemsOf, podSpecProblems } from "@plimsoll/features/pipelines/lint";
import { checkedSpec } from "@plimsoll/features/spark/lint";

/** What would be refused of what an object makes, where that is written out and another feature's to know: pods of sets, and Spark applications of steps. */
export function* madeProblems(object: Manifest["object"]): Generator<Problem> {
  if (object.kind === "WorkloadSet")
    for (const [index, written] of (object.spec.manifests ?? []).entries())
      yield* ofRule("pod", podProblemsOf(written, ["spec", "manifests", index]));
  if (object.kind === "Pipeline") yield* stepProblems(object.spec, ["spec"]);
  if (object.kind === "PipelineRun" && object.spec.pipeline) yield* stepProblems(object.spec.pipeline, ["spec", "pipeline"]);
}

function* stepProblems(pipeline: PipelineSpec, at: Path): Generator<Problem> {
  for (const list of ["steps", "finally"] as const)
    for (const [index, step] of (pipeline[list] ?? []).entries())
      for (const problem of sparkProblems(step)) yield { ...problem, path: [...at, list, index, ...problem.path] };
}

function sparkProblems(step: Step): Problem[] {
  const made = manifestOf(step);
  if (made?.apiVersion !== "sparkoperator.k8s.io/v1beta2" || made.kind !== "SparkApplication") return [];
  const field = step.spark === undefined ? ["manifest", "spec"] : ["spark"];
  // Which ServiceAccounts drivers may run as is the installation's matter.
  const checked = checkedSpec(valueAt(step, field), { serviceAccounts: undefined, judge: podSpecProblems }, field);
  if (!("problems" in checked)) return [];
  // What an expression gives isn't known.
  return checked.problems.filter(({ path }) => !(JSON.stringify(valueAt(step, path)) ?? "").includes("${{"));
}
