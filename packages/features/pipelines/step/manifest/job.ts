import { valueAt, type Path, type Problem } from "@plimsoll/api";
import { oneOf, within } from "../pod/valid/check.ts";

/** More indexes than this take closer limits, and no Job has more of them at once. */
const manyIndexes = 100_000;

/** What is looked at of a Job's spec. */
export interface JobSpec {
  completionMode?: string;
  completions?: number;
  parallelism?: number;
  backoffLimitPerIndex?: number;
  maxFailedIndexes?: number;
  podReplacementPolicy?: string;
  podFailurePolicy?: { rules?: readonly Rule[] };
  successPolicy?: object;
  manualSelector?: boolean;
  selector?: object;
  template?: object;
}

interface Rule {
  action?: string;
  onExitCodes?: { containerName?: string; operator?: string; values?: readonly number[] };
  onPodConditions?: readonly { type?: string; status?: string }[];
}

/** Numbers of what has pods that can't be less than none. */
const amounts = [
  "activeDeadlineSeconds",
  "backoffLimit",
  "backoffLimitPerIndex",
  "completions",
  "maxFailedIndexes",
  "minReadySeconds",
  "parallelism",
  "replicas",
  "revisionHistoryLimit",
  "ttlSecondsAfterFinished",
];

/** What is wrong with the numbers in the spec of what has pods, that stands at a path. */
export function* amountProblems(spec: unknown, path: Path): Generator<Problem> {
  for (const field of amounts) {
    const value = valueAt(spec, [field]);
    if (typeof value === "number") yield* within(value, 0, Infinity, [...path, field]);
  }
}

/** What is wrong with a Job's spec beside its pods, as the API server has it. Its fields are of their types. */
export function* jobProblems(spec: JobSpec, path: Path): Generator<Problem> {
  yield* indexProblems(spec, path);
  yield* oneOf(spec.podReplacementPolicy, spec.podFailurePolicy ? ["Failed"] : ["TerminatingOrFailed", "Failed"], [
    ...path,
    "podReplacementPolicy",
  ]);
  if (spec.podFailurePolicy) yield* failureProblems(spec, [...path, "podFailurePolicy"]);
  if (spec.selector !== undefined && spec.manualSelector !== true)
    yield { path: [...path, "selector"], message: "leave it out: Kubernetes makes a Job's own" };
  if (spec.selector === undefined && spec.manualSelector === true)
    yield { path: [...path, "selector"], message: "is missing: manualSelector takes one; leave both out, and Kubernetes makes it" };
}

function* indexProblems(spec: JobSpec, path: Path): Generator<Problem> {
  const { completionMode, completions, parallelism, backoffLimitPerIndex, maxFailedIndexes } = spec;
  yield* oneOf(completionMode, ["Indexed", "NonIndexed"], [...path, "completionMode"]);
  const isIndexed = completionMode === "Indexed";
  if (isIndexed) {
    // Without both there is one.
    if (completions === undefined && parallelism !== undefined)
      yield { path: [...path, "completions"], message: "is missing: give how many indexes there are, as completionMode is Indexed" };
    yield* within(parallelism, -Infinity, manyIndexes, [...path, "parallelism"]);
  } else
    for (const field of ["backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"] as const)
      if (spec[field] !== undefined) yield { path: [...path, "completionMode"], message: `must be Indexed, as there is ${field}` };
  if (maxFailedIndexes === undefined) return;
  if (backoffLimitPerIndex === undefined)
    yield { path: [...path, "backoffLimitPerIndex"], message: "is missing: maxFailedIndexes takes it" };
  if (completions !== undefined && maxFailedIndexes > completions)
    yield { path: [...path, "maxFailedIndexes"], message: `is ${maxFailedIndexes}: can't be above completions, which is ${completions}` };
}

function* failureProblems(
  { podFailurePolicy: { rules = [] } = {}, backoffLimitPerIndex, template }: JobSpec,
  path: Path,
): Generator<Problem> {
  const restart = valueAt(template, ["spec", "restartPolicy"]);
  if (restart === "OnFailure") yield { path, message: "goes with restartPolicy Never of the pod alone: give that, or take this out" };
  if (rules.length > 20) yield { path: [...path, "rules"], message: `has ${rules.length} entries: must have at most 20` };
  const names = ["containers", "initContainers"].flatMap((list) => {
    const containers = valueAt(template, ["spec", list]);
    return Array.isArray(containers) ? containers.map((container: unknown) => valueAt(container, ["name"])) : [];
  });
  for (const [index, { action, onExitCodes, onPodConditions }] of rules.entries()) {
    const at = [...path, "rules", index];
    const actions = ["Count", "FailIndex", "FailJob", "Ignore"].filter((one) => one !== "FailIndex" || backoffLimitPerIndex !== undefined);
    yield* oneOf(action ?? "", actions, [...at, "action"]);
    if ((onExitCodes === undefined) === (onPodConditions === undefined || onPodConditions.length === 0))
      yield { path: at, message: "give one of onExitCodes and onPodConditions" };
    if (onExitCodes !== undefined) yield* codeProblems(onExitCodes, names, [...at, "onExitCodes"]);
    for (const [place, { status }] of (onPodConditions ?? []).entries())
      yield* oneOf(status ?? "", ["True", "False", "Unknown"], [...at, "onPodConditions", place, "status"]);
  }
}

function* codeProblems(
  { containerName, operator, values = [] }: NonNullable<Rule["onExitCodes"]>,
  names: readonly unknown[],
  path: Path,
): Generator<Problem> {
  yield* oneOf(operator ?? "", ["In", "NotIn"], [...path, "operator"]);
  if (containerName !== undefined && !names.includes(containerName))
    yield { path: [...path, "containerName"], message: `there is no container ${JSON.stringify(containerName)} in the pod` };
  if (values.length === 0) yield { path: [...path, "values"], message: "is missing: give at least one exit code" };
  if (operator === "In" && values.includes(0))
    yield { path: [...path, "values", values.indexOf(0)], message: "is 0, which is no failure: take it out" };
  const unordered = values.findIndex((value, index) => index > 0 && (values[index - 1] ?? 0) >= value);
  if (unordered >= 0) yield { path: [...path, "values", unordered], message: "must be above the one before it: give each once, in order" };
}
