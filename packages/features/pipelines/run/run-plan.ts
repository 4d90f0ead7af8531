import {
  accountsOf,
  pipelineSpec,
  problemsIn,
  unlisted,
  withoutNulls,
  type Pipeline,
  type PipelineRun,
  type PipelineSpec,
  type Problem,
} from "@plimsoll/api";
import { isNotFound, messageOf, type Stored } from "@plimsoll/kube";
import type { Client } from "../permissions.ts";
import { compile, compilePipeline, type Compile, type Plan } from "../plan/plan.ts";

/** The plan of a run, with the Pipeline that the run names where it was read for this; or what is wrong with them. */
export type RunPlan = { plan: Plan; read: Stored<Pipeline> | undefined } | { problems: Problem[] };

/** Milliseconds for which a run waits for the Pipeline that it names: it may be applied a moment later. */
const patience = 15_000;

/**
 * Reads and checks a run's pipeline: its own, the copy in its status, or the one that it names. Throws an Error where that can't be read, or
 * isn't there yet.
 */
export async function readPlan(client: Client, run: PipelineRun, compiler: Compile, now: number): Promise<RunPlan> {
  const own = run.spec.pipeline ?? run.status?.pipeline;
  const read = own === undefined ? await readPipeline(client, run) : undefined;
  const pipeline = own ?? read?.spec;
  if (pipeline === undefined) {
    const { namespace, creationTimestamp } = run.metadata;
    if (now - Date.parse(creationTimestamp ?? "") < patience)
      throw new Error(`there is no Pipeline "${run.spec.pipelineRef?.name}" in namespace "${namespace}" yet`);
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
  if ("problems" in result) return result;
  const problems = run.spec.pipeline === undefined ? unlistedBy(run, result.plan) : [];
  return problems.length > 0 ? { problems } : { plan: result.plan, read };
}

/** The API server has checked who may use what the run lists, and hasn't seen the Pipeline that it names. */
function unlistedBy({ spec }: PipelineRun, { pod, steps }: Plan): Problem[] {
  const serviceAccountNames = accountsOf({ pod, steps: steps.map((step) => step.spec) }, `Pipeline "${spec.pipelineRef?.name}"`);
  return unlisted({ serviceAccountNames }, spec);
}

/** Compiles a pipeline after its schema has been checked, as that of the API server may be an older one. */
export const checkedCompile: Compile = (pipeline, at) => {
  const given = withoutNulls(pipeline) as PipelineSpec;
  const problems = problemsIn(pipelineSpec, given, at);
  return problems.length > 0 ? { problems } : compilePipeline(given, at);
};

/** The Pipeline that a run names; undefined: there is none. */
export async function readPipeline(
  client: Client,
  { metadata: { namespace = "" }, spec }: PipelineRun,
): Promise<Stored<Pipeline> | undefined> {
  const name = spec.pipelineRef?.name ?? "";
  try {
    return await client("pipelines.plimsoll.dev").get({ namespace, name });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw new Error(`the Pipeline "${name}" can't be read: ${messageOf(error)}`, { cause: error });
  }
}
