import { pipelineSpec, problemsIn, type PipelineRun, type PipelineSpec, type Problem } from "@plimsoll/api";
import { isNotFound, messageOf } from "@plimsoll/kube";
import type { Client } from "../permissions.ts";
import { compile, compilePipeline, type Compile, type Plan } from "../plan/plan.ts";

/** The plan of a run, with the Pipeline where it was read for this from the one that the run names; or what is wrong with them. */
export type RunPlan = { plan: Plan; resolved: PipelineSpec | undefined } | { problems: Problem[] };

/** Reads and checks a run's pipeline: its own, the copy in its status, or the one that it names. */
export async function readPlan(client: Client, run: PipelineRun, compiler: Compile): Promise<RunPlan> {
  const own = run.spec.pipeline ?? run.status?.pipeline;
  const pipeline = own ?? (await readPipeline(client, run));
  if (pipeline === undefined) {
    const { namespace } = run.metadata;
    return {
      problems: [
        {
          path: ["spec", "pipelineRef", "name"],
          message: `there is no Pipeline "${run.spec.pipelineRef?.name}" in namespace "${namespace}": create it, then start another run`,
        },
      ],
    };
  }
  // Where the pipeline stands in its object: the run, or the Pipeline that the run names.
  const at = run.spec.pipeline === undefined ? ["spec"] : ["spec", "pipeline"];
  const result = compile({ pipeline, params: run.spec.params, timeout: run.spec.timeout, at }, compiler);
  return "problems" in result ? result : { plan: result.plan, resolved: own === undefined ? pipeline : undefined };
}

/** Compiles a pipeline after its schema has been checked, as that of the API server may be an older one. */
export const checkedCompile: Compile = (pipeline, at) => {
  const problems = problemsIn(pipelineSpec, pipeline, at);
  return problems.length > 0 ? { problems } : compilePipeline(pipeline, at);
};

async function readPipeline(client: Client, { metadata: { namespace = "" }, spec }: PipelineRun): Promise<PipelineSpec | undefined> {
  const name = spec.pipelineRef?.name ?? "";
  try {
    return (await client("pipelines.plimsoll.dev").get({ namespace, name })).spec;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw new Error(`the Pipeline "${name}" can't be read: ${messageOf(error)}`, { cause: error });
  }
}
