import type * as z from "zod";
import { closest } from "../elsewhere/closest.ts";
import type { Path } from "../problems/path.ts";
import type { PodOptions } from "./pod.ts";
import type { Problem } from "../problems/problem.ts";
import { accountsOf, mostServiceAccounts } from "../use/service-accounts.ts";
import type { Step } from "../step/step.ts";
import { expressionProblems } from "./no-expressions.ts";
import { reserved } from "./reserved.ts";
import type { resources } from "./resources.ts";
import { pathProblems, rootProblems } from "./step-container.ts";
import { tokenProblems } from "./token.ts";
import type { VolumeMounts } from "./volume.ts";

type Resources = z.infer<typeof resources>;

/** A pipeline, as far as pods are concerned. */
interface Source {
  pod?: PodOptions | undefined;
  workspace?: object | undefined;
  steps: readonly Step[];
  finally?: readonly Step[] | undefined;
}

/** What is wrong with the pods of a pipeline's steps that no single field shows: names that nothing has, paths that clash, root that may not start. */
export function* podProblems(pipeline: Source): Generator<Problem> {
  yield* accountProblems(pipeline);
  const seen = new Set<string>();
  for (const problem of everyProblem(pipeline)) {
    // What is wrong in the pipeline's pod is so in every step.
    const key = JSON.stringify(problem);
    if (!seen.has(key)) yield problem;
    seen.add(key);
  }
}

function* everyProblem({ pod = {}, workspace, ...lists }: Source): Generator<Problem> {
  const shared = workspace === undefined ? [] : [reserved.workspace];
  yield* expressionProblems(pod, ["pod"]);
  for (const list of ["steps", "finally"] as const)
    for (const [index, step] of (lists[list] ?? []).entries()) {
      const at = [list, index];
      const options = { ...pod, ...step.pod };
      for (const key of ["pod", "envFrom", "volumeMounts", "securityContext"] as const)
        if (step[key] !== undefined) yield* expressionProblems(step[key], [...at, key]);
      yield* mountProblems(step.volumeMounts, [...shared, ...volumesOf(options)], at);
      yield* claimProblems(step.resources, claimsOf(options), at);
      yield* pathProblems(step.volumeMounts ?? [], workspace !== undefined, at);
      yield* rootProblems(step, options, at);
      const isOwn = (["serviceAccountName", "volumes", "patch"] as const).some((field) => step.pod?.[field] !== undefined);
      yield* tokenProblems(options, [...(isOwn ? at : []), "pod"]);
      if (step.pod?.initContainers) yield* initProblems(options, shared, [...at, "pod"]);
      else yield* takenFrom(step.pod ?? {}, initProblems(options, shared, ["pod"]), at);
    }
}

function* accountProblems(pipeline: Source): Generator<Problem> {
  const seen = new Set<string>();
  for (const { name, path } of accountsOf(pipeline, "")) {
    if (seen.size < seen.add(name).size && seen.size > mostServiceAccounts)
      return yield {
        path,
        message: `is one ServiceAccount too many: a pipeline may name ${mostServiceAccounts}, as the API server checks no more; divide it`,
      };
  }
}

function* initProblems(options: PodOptions, shared: readonly string[], at: Path): Generator<Problem> {
  const names = { volumes: [...shared, ...volumesOf(options)], claims: claimsOf(options) };
  for (const [index, container] of (options.initContainers ?? []).entries()) {
    yield* mountProblems(container.volumeMounts, names.volumes, [...at, "initContainers", index]);
    yield* claimProblems(container.resources, names.claims, [...at, "initContainers", index]);
  }
}

/** Where a step's own volumes or claims replace those that the pipeline's initContainers name, the fault is the step's. */
function* takenFrom(own: PodOptions, problems: Iterable<Problem>, at: Path): Generator<Problem> {
  for (const problem of problems) {
    const replaced = ([problem.path.includes("claims") ? "resourceClaims" : "volumes", "patch"] as const).find(
      (field) => own[field] !== undefined,
    );
    if (replaced === undefined) yield problem;
    else
      yield {
        path: [...at, "pod", replaced],
        message: `replaces the pipeline's, whose initContainers need it: ${problem.message}`,
      };
  }
}

function* mountProblems(mounts: VolumeMounts | undefined, names: readonly string[], at: Path): Generator<Problem> {
  for (const [index, { name }] of (mounts ?? []).entries()) {
    const path = [...at, "volumeMounts", index, "name"];
    if (names.includes(name)) continue;
    if (name === reserved.workspace) yield { path, message: `is "${name}", but the pipeline has none: give it a workspace` };
    else yield { path, message: `there is no volume "${name}" in pod.volumes${closest(name, names)}` };
  }
}

function* claimProblems(resources: Resources | undefined, names: readonly string[], at: Path): Generator<Problem> {
  for (const [index, { name }] of (resources?.claims ?? []).entries())
    if (!names.includes(name))
      yield {
        path: [...at, "resources", "claims", index, "name"],
        message: `there is no claim "${name}" in pod.resourceClaims${closest(name, names)}`,
      };
}

function volumesOf({ volumes = [], patch }: PodOptions): string[] {
  return [...volumes.map(({ name }) => name), ...namesIn(patch, "volumes")];
}

function claimsOf({ resourceClaims = [], patch }: PodOptions): string[] {
  return [...resourceClaims.map(({ name }) => name), ...namesIn(patch, "resourceClaims")];
}

/** Names in a list that a patch adds to the pod's spec. */
function namesIn(patch: PodOptions["patch"], list: string): string[] {
  const spec = patch?.["spec"];
  const entries: unknown = typeof spec === "object" && spec !== null ? Reflect.get(spec, list) : undefined;
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) =>
    typeof entry === "object" && entry !== null && "name" in entry && typeof entry.name === "string" ? [entry.name] : [],
  );
}
