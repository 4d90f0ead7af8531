import { ofRule, pipeline, pipelineRun, withLines, type Manifest, type Pipeline, type PipelineRun, type Problem } from "@plimsoll/api";
import { resolveParams } from "../language/params.ts";
import { compileOffline } from "./offline.ts";
import { compile, type Compile, type Plan } from "./plan.ts";

/** The kinds that the feature carries out. */
export const pipelineKinds = [pipeline, pipelineRun] as const;

/** Where no run gives them, a Pipeline's parameters without a default are checked with a value of their type. */
const placeholder = { string: "", integer: 0, number: 0, boolean: false, array: [], object: {} };

/**
 * Checks the pipeline of a manifest, with the parameters that a run of a Pipeline gives, as the controller does, and makes its plan.
 * Undefined for a run that names its pipeline: it can be checked only where the pipeline is.
 */
export function planOf(
  object: Pipeline | PipelineRun,
  given?: Readonly<Record<string, unknown>>,
  compiler?: Compile,
): { plan: Plan } | { problems: Problem[] } | undefined {
  if (object.kind === "Pipeline") {
    const lacking = (object.spec.params ?? []).filter((param) => param.default === undefined);
    const params = given ?? Object.fromEntries(lacking.map(({ name, type = "string" }) => [name, placeholder[type]]));
    return compile({ pipeline: object.spec, params }, compiler);
  }
  const { pipeline, params } = object.spec;
  return pipeline && compile({ pipeline, params, at: ["spec", "pipeline"] }, compiler);
}

/** What the controller or the API server would refuse of an object, or of a run of a Pipeline with the given parameters. */
export function mistakesIn(object: Pipeline | PipelineRun, given?: Readonly<Record<string, unknown>>): Problem[] {
  const result = planOf(object, given, compileOffline);
  return result === undefined || "plan" in result ? [] : result.problems;
}

/** What the controller would refuse of the parameters that a run gives to the Pipeline that it names. */
export function paramMistakes({ params = {} }: PipelineRun["spec"], { spec }: Pipeline): Problem[] {
  const { problems } = resolveParams(spec.params ?? [], params, ["spec"]);
  // What is wrong with a default is told of the Pipeline.
  return ofRule("param", problems).filter(({ path }) => typeof path[2] === "string");
}

/** What these would refuse of a manifest, with the lines of its file; nothing of one that is of another feature's kind. */
export function problemsOf({ object, lineOf }: Manifest): Problem[] {
  return isOwn(object) ? withLines(mistakesIn(object), lineOf) : [];
}

/** Whether an object is of a kind that the feature carries out. */
export function isOwn(object: Manifest["object"]): object is Pipeline | PipelineRun {
  return pipelineKinds.some(({ kind }) => kind === object.kind);
}
