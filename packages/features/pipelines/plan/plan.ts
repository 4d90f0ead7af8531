import {
  closest,
  findCycle,
  parseDuration,
  topologicalOrder,
  formatPath,
  type Param,
  type Path,
  type PipelineSpec,
  type PodOptions,
  type Problem,
  type Step,
} from "@plimsoll/api";
import type { CelInput } from "@bufbuild/cel";
import { toCel } from "../language/cel.ts";
import { compileStep, type StepTemplates } from "../language/step-templates.ts";
import { resolveParams } from "../language/params.ts";

/** After so many the rest isn't looked for: each costs a search for the name that was meant. */
const mostProblems = 50;

/** One step of a plan. Steps name each other by their place in the plan. */
export interface PlanStep extends StepTemplates {
  index: number;
  name: string;
  spec: Step;
  needs: readonly number[];
  dependents: readonly number[];
  /** Undefined: no limit. In seconds. */
  timeout: number | undefined;
}

/** A pipeline with a run's parameters, checked and ready to be carried out. */
export interface Plan {
  /** Where the pipeline stands in its object, for the paths of problems. */
  at: Path;
  steps: readonly PlanStep[];
  /** The place of each step. */
  byName: ReadonlyMap<string, number>;
  params: CelInput;
  pod: PodOptions;
  workspace: PipelineSpec["workspace"];
  /** The longest that the run may take, as it is written and in milliseconds. */
  timeout: { text: string; milliseconds: number } | undefined;
}

/** What a plan is made of. */
export interface PlanSource {
  pipeline: PipelineSpec;
  params?: Readonly<Record<string, unknown>> | undefined;
  /** The run's own time limit. */
  timeout?: string | undefined;
  /** Where the pipeline stands in its object: `["spec"]` (the default), or `["spec", "pipeline"]` in a run. */
  at?: Path;
}

/**
 * Checks a pipeline and makes its plan, or gives the problems that can be known before anything runs.
 * Their paths begin at the object's root; parameters that a run gives are `spec.params.NAME`.
 */
export function compile({ pipeline, params: given = {}, timeout, at = ["spec"] }: PlanSource): { plan: Plan } | { problems: Problem[] } {
  const { params, problems } = resolveParams(pipeline.params ?? [], given, at);
  problems.push(...checkNeeds(pipeline.steps, at));
  if (problems.length > 0) return { problems };

  const byName = new Map(pipeline.steps.map((step, index) => [step.name, index]));
  const indexOf = (name: string): number => byName.get(name) ?? -1;
  const needs = pipeline.steps.map((step) => [...new Set(step.needs)].map(indexOf));
  const ancestors = ancestorsOf(needs);
  const declared = new Set(params.keys());
  const dependents: number[][] = pipeline.steps.map(() => []);
  for (const [index, own] of needs.entries()) for (const need of own) dependents[need]?.push(index);

  const steps: PlanStep[] = [];
  for (const [index, spec] of pipeline.steps.entries()) {
    if (problems.length >= mostProblems) break;
    const reachable = (name: string): boolean => ancestors(index, indexOf(name));
    const compiled = compileStep(spec, { params: declared, steps: byName, reachable });
    problems.push(...compiled.problems.map(({ path, message }) => ({ path: [...at, "steps", index, ...path], message })));
    const timeout = spec.timeout === undefined ? undefined : parseDuration(spec.timeout) / 1000;
    steps.push({
      ...compiled.templates,
      index,
      name: spec.name,
      spec,
      needs: needs[index] ?? [],
      dependents: dependents[index] ?? [],
      timeout,
    });
  }
  if (problems.length > 0) return { problems };
  const limit = timeout ?? pipeline.timeout;
  return {
    plan: {
      at,
      steps,
      byName,
      params: celParams(pipeline.params ?? [], params),
      pod: pipeline.pod ?? {},
      workspace: pipeline.workspace,
      timeout: limit === undefined ? undefined : { text: limit, milliseconds: parseDuration(limit) },
    },
  };
}

/** A parameter of type `number` is a double in expressions, also where its value happens to be whole. */
function celParams(declared: readonly Param[], params: ReadonlyMap<string, unknown>): CelInput {
  return new Map(
    [...params].map(([name, value]) => [
      name,
      typeof value === "number" && declared.find((param) => param.name === name)?.type === "number" ? value : toCel(value),
    ]),
  );
}

function checkNeeds(steps: readonly Step[], at: Path): Problem[] {
  const names = steps.map((step) => step.name);
  const places = new Map<string, number>();
  const problems: Problem[] = [];
  for (const [index, name] of names.entries()) {
    const first = places.get(name);
    if (first === undefined) places.set(name, index);
    else
      problems.push({
        path: [...at, "steps", index, "name"],
        message: `"${name}" is the name of ${formatPath([...at, "steps", first])} already: give each step its own`,
      });
  }
  for (const [index, step] of steps.entries()) {
    if (problems.length >= mostProblems) break;
    for (const [place, need] of (step.needs ?? []).entries()) {
      const path = [...at, "steps", index, "needs", place];
      if (!places.has(need)) problems.push({ path, message: `there is no step "${need}"${closest(need, names)}` });
    }
  }
  if (problems.length > 0) return problems;
  const needs = steps.map((step) => (step.needs ?? []).map((need) => places.get(need) ?? -1));
  const cycle = findCycle(needs);
  if (cycle === undefined) return [];
  const circle = [...cycle, cycle[0] ?? 0].map((index) => names[index]).join(" → ");
  return [
    {
      path: [...at, "steps", cycle[0] ?? 0, "needs"],
      message: `the steps need each other in a circle: ${circle}; take one of these needs out`,
    },
  ];
}

/** Tells whether a step needs another, itself or through others. Worked out where it is asked for: most steps name their needs alone. */
function ancestorsOf(needs: readonly (readonly number[])[]): (step: number, other: number) => boolean {
  const depths = new Map<number, number>();
  for (const index of topologicalOrder(needs))
    depths.set(index, 1 + Math.max(-1, ...(needs[index] ?? []).map((need) => depths.get(need) ?? 0)));
  return (step, other) => {
    const depth = depths.get(other) ?? 0;
    const seen = new Set<number>();
    const stack = [...(needs[step] ?? [])];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (at === other) return true;
      if (seen.has(at) || (depths.get(at) ?? 0) <= depth) continue;
      seen.add(at);
      stack.push(...(needs[at] ?? []));
    }
    return false;
  };
}
