import { ofRule, parseDuration, type Param, type Path, type PipelineSpec, type PodOptions, type Problem, type Step } from "@plimsoll/api";
import type { CelInput } from "@bufbuild/cel";
import { toCel } from "../language/cel.ts";
import { resolveParams } from "../language/params.ts";
import { any, int, listOf, mapOf, string, type Type } from "../language/syntax/types.ts";
import { compileStep, type StepTemplates } from "../language/step-templates.ts";
import { boundsProblems } from "../sizing/bounds.ts";
import { interpreterFaults } from "../step/pod/files/interpreter.ts";
import { judgingProblems } from "../step/manifest/problems.ts";
import { ancestorsOf, checkNeeds, placesOfNeeds, type Placed } from "./needs.ts";

/** After so many the rest isn't looked for: each costs a search for the name that was meant. */
const mostProblems = 50;

/** One step of a plan. Steps name each other by their place in the plan. */
export interface PlanStep {
  index: number;
  name: string;
  spec: Step;
  /** Where it stands in its object. */
  at: Path;
  /** Whether it is one of `finally`. */
  isFinal: boolean;
  /** Whether it runs once for each item. */
  fanned: boolean;
  needs: readonly number[];
  dependents: readonly number[];
  /** Undefined: no limit. In seconds. */
  timeout: number | undefined;
  /** What it says in expressions; parsed again where it was not needed for a while. */
  templates: () => StepTemplates;
}

const paramTypes: Readonly<Record<NonNullable<Param["type"]>, Type>> = {
  string,
  integer: int,
  number: { is: "double" },
  boolean: { is: "bool" },
  array: listOf(any),
  object: mapOf(any),
};

/** A pipeline, checked: what all its runs have in common. */
export interface CompiledPipeline {
  /** Where the pipeline stands in its object, for the paths of problems. */
  at: Path;
  /** Those of `finally` come last. */
  steps: readonly PlanStep[];
  /** How many of the steps are not in `finally`. */
  mainCount: number;
  hasFinally: boolean;
  /** The place of each step. */
  byName: ReadonlyMap<string, number>;
  /** How many steps have resources.auto. */
  sizedCount: number;
  params: readonly Param[];
  pod: PodOptions;
  workspace: PipelineSpec["workspace"];
  timeout: string | undefined;
  failFast: boolean;
  keepPods: PipelineSpec["keepPods"];
}

/** A pipeline with a run's parameters, checked and ready to be carried out. */
export interface Plan extends Omit<CompiledPipeline, "params" | "timeout"> {
  params: CelInput;
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

/** Compiles a pipeline; a cache may give what it has made of an equal one. */
export type Compile = (pipeline: PipelineSpec, at: Path) => CompiledPipeline | { problems: Problem[] };

/**
 * Checks a pipeline and makes its plan, or gives the problems that can be known before anything runs.
 * Their paths begin at the object's root; parameters that a run gives are `spec.params.NAME`.
 */
export function compile(
  { pipeline, params: given = {}, timeout, at = ["spec"] }: PlanSource,
  compiler: Compile = compilePipeline,
): { plan: Plan } | { problems: Problem[] } {
  const { params, problems } = resolveParams(pipeline.params ?? [], given, at);
  const compiled = compiler(pipeline, at);
  const wrong = ofRule("param", problems);
  if ("problems" in compiled) return { problems: [...wrong, ...compiled.problems] };
  if (wrong.length > 0) return { problems: wrong };
  const limit = timeout ?? compiled.timeout;
  return {
    plan: {
      ...compiled,
      params: celParams(compiled.params, params),
      timeout: limit === undefined ? undefined : { text: limit, milliseconds: parseDuration(limit) },
    },
  };
}

/** Checks what doesn't depend on a run. */
export const compilePipeline: Compile = (pipeline, at) => compileSteps(pipeline, at, () => []);

/** The same, with what else is wrong with a step, by whoever can tell. */
export function compileSteps(
  pipeline: PipelineSpec,
  at: Path,
  refusalsOf: (step: PlanStep) => readonly Problem[],
): CompiledPipeline | { problems: Problem[] } {
  const { steps: main, finally: last = [], params = [], timeout, failFast = false, keepPods, pod = {}, workspace } = pipeline;
  const placed: Placed[] = [
    ...main.map((spec, place) => ({ spec, at: [...at, "steps", place], isFinal: false })),
    ...last.map((spec, place) => ({ spec, at: [...at, "finally", place], isFinal: true })),
  ];
  const problems = ofRule("need", checkNeeds(placed));
  // Where it isn't known what has ended before, anything may have.
  const areNeedsKnown = problems.length === 0;

  const byName = new Map(placed.map(({ spec }, index) => [spec.name, index]));
  const indexOf = (name: string): number => byName.get(name) ?? -1;
  const needs = placesOfNeeds(placed);
  const ancestors = ancestorsOf(needs);
  const declared = new Map(params.map(({ name, type = "string" }) => [name, paramTypes[type]]));
  const isFanned = (name: string): boolean => placed[indexOf(name)]?.spec.forEach !== undefined;
  const dependents: number[][] = placed.map(() => []);
  for (const [index, own] of needs.entries()) for (const need of own) dependents[need]?.push(index);

  const steps: PlanStep[] = [];
  for (const [index, { spec, at, isFinal }] of placed.entries()) {
    if (problems.length >= mostProblems) break;
    const reachable = (name: string): boolean =>
      !areNeedsKnown || (isFinal && indexOf(name) < main.length) || ancestors(index, indexOf(name));
    const parse = (isChecked = false): ReturnType<typeof compileStep> =>
      compileStep(spec, { params: declared, steps: byName, isFanned, reachable, inFinally: isFinal }, { isChecked });
    const first = parse(true);
    problems.push(...first.problems.map((problem) => ({ ...problem, path: [...at, ...problem.path], rule: "expression" as const })));
    problems.push(...judgingProblems(spec, at));
    const wrongBounds = ofRule("field", [...boundsProblems(spec, at)]);
    problems.push(...wrongBounds);
    for (const message of interpreterFaults(spec.script ?? ""))
      problems.push({ path: [...at, "script"], within: 0, message, rule: "script" });
    // What a step says may be long, and there may be very many: it is not held on to.
    let kept = new WeakRef(first.templates);
    const templates = (): StepTemplates => {
      const known = kept.deref() ?? parse().templates;
      kept = new WeakRef(known);
      return known;
    };
    const planned: PlanStep = {
      index,
      name: spec.name,
      spec,
      at,
      isFinal,
      fanned: spec.forEach !== undefined,
      needs: needs[index] ?? [],
      dependents: dependents[index] ?? [],
      timeout: spec.timeout === undefined ? undefined : parseDuration(spec.timeout) / 1000,
      templates,
    };
    steps.push(planned);
    // Its pods would be refused for the same.
    if (wrongBounds.length === 0) problems.push(...refusalsOf(planned));
  }
  if (problems.length > 0) return { problems };
  const sizedCount = steps.filter(({ spec }) => spec.resources?.auto !== undefined).length;
  const counts = { mainCount: main.length, hasFinally: last.length > 0, sizedCount };
  return { at, steps, ...counts, byName, params, pod, workspace, timeout, failFast, keepPods };
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
