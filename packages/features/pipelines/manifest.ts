import { withLines, type Manifest, type Pipeline, type PipelineRun, type Problem } from "@plimsoll/api";
import { compile, type Plan } from "./plan.ts";

/** A Pipeline's parameters without a default are checked with a value of their type. */
const placeholder = { string: "", integer: 0, number: 0, boolean: false, array: [], object: {} };

/**
 * Checks the pipeline of a manifest as the controller does, and makes its plan.
 * Undefined for a run that names its pipeline: it can be checked only where the pipeline is.
 */
export function planOf(object: Pipeline | PipelineRun): { plan: Plan } | { problems: Problem[] } | undefined {
  if (object.kind === "Pipeline") {
    const params = Object.fromEntries(
      (object.spec.params ?? []).map((param) => [param.name, param.default ?? placeholder[param.type ?? "string"]]),
    );
    return compile({ pipeline: object.spec, params });
  }
  const { pipeline, params } = object.spec;
  return pipeline && compile({ pipeline, params, at: ["spec", "pipeline"] });
}

/** What the controller would refuse of a manifest, with the lines of its file. */
export function problemsOf({ object, lineOf }: Manifest): Problem[] {
  const result = planOf(object);
  if (result === undefined || "plan" in result) return [];
  return withLines(result.problems, lineOf);
}
