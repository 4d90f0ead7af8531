import { formatPath, type Path, type PodOptions, type Problem } from "@plimsoll/api";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { TemplateError } from "../../language/template.ts";
import type { Plan, PlanStep } from "../../plan/plan.ts";
import type { RunIdentity } from "../labels.ts";
import { tryName } from "../names.ts";
import { assemblePod } from "./render.ts";
import { knownTexts } from "./files/texts.ts";
import { parsePath, placeOf, type PlacedPod } from "./valid/place.ts";
import { podSpecProblems } from "./valid/pod.ts";
import { claimProblems, type Claim } from "./valid/volumes.ts";
import { renderWorkspace } from "./files/workspace.ts";

/** A run that nobody has started yet. */
const run = { namespace: "default", name: "run", uid: "00000000-0000-0000-0000-000000000000" };

/** etcd keeps no object of more bytes. */
const largestPod = 1.5 * 2 ** 20;

/** What the API server would refuse of a step's pods, as far as that is known before anything runs. */
export function refusals(step: PlanStep, plan: Pick<Plan, "pod" | "workspace">, pipelineAt: Path): Problem[] {
  const { at } = step;
  if (step.spec.image === undefined) return [];
  let pod: Pod;
  try {
    pod = knownPod(step, plan);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return [{ path: [...at, ...error.path], message: error.message }];
  }
  const problems = podSpecProblems(pod.spec).map((problem) => placedProblem(problem, placedPod(step, plan.pod, pipelineAt, pod)));
  const size = Buffer.byteLength(JSON.stringify(pod));
  if (size > largestPod)
    problems.push({
      path: at,
      message: `its pod takes ${size} bytes, and the API server keeps none of more than ${largestPod}: put what is large into the image or a ConfigMap`,
    });
  return problems;
}

/** A step's pod as far as it is known before anything runs. Throws a TemplateError where it would be none that Plimsoll knows again, or too large. */
export function knownPod(step: PlanStep, plan: Pick<Plan, "pod" | "workspace">, of: RunIdentity = run): Pod {
  const item = step.fanned ? { item: largestItem(step.spec.forEach) } : {};
  return assemblePod(
    {
      run: of,
      plan,
      step,
      try: 1,
      name: tryName(of.name, step.name, step.fanned ? 0 : undefined, 1),
      deadline: step.timeout,
      memory: 1,
      ...item,
    },
    knownTexts(step.spec),
  );
}

/** What the API server would refuse of a run's workspace. */
export function workspaceRefusals(workspace: NonNullable<Plan["workspace"]>, pipelineAt: Path): Problem[] {
  return [...claimProblems(renderWorkspace(run, workspace).spec as Claim, [])].map(({ path: [field], message }) => ({
    path: [...pipelineAt, "workspace", field === "resources" ? "size" : field === "accessModes" ? "accessMode" : "storageClassName"],
    message,
  }));
}

/** What the API server has refused of a pod, told by the fields that the user has written. */
export function toldRefusal(message: string, step: PlanStep, plan: Pick<Plan, "pod" | "at">, pod: Pod): string {
  const [, all] = / is invalid: (.*)$/s.exec(message) ?? [];
  if (all === undefined) return message;
  const placed = placedPod(step, plan.pod, plan.at, pod);
  return all.replace(/\b(?:spec|metadata)(?:\.[\w$]+|\[[^\]]*\])+/g, (path) => {
    const place = placeOf(parsePath(path), placed);
    return place.known ? formatPath(place.path) : path;
  });
}

function placedPod({ spec, at }: PlanStep, shared: PodOptions, pipelineAt: Path, pod: Pod): PlacedPod {
  return { step: spec, at, shared, pipelineAt, pod };
}

function placedProblem({ path, message }: Problem, placed: PlacedPod): Problem {
  const place = placeOf(path, placed);
  return { path: place.path, message: place.known ? message : `${formatPath(path)} of its pod ${message}` };
}

/** The item that takes most room in its pod, of those that are known. */
function largestItem(items: unknown): { index: number; value: unknown } {
  let largest: { index: number; value: unknown } = { index: 0, value: null };
  let most = 0;
  for (const [index, value] of (Array.isArray(items) ? items : []).entries()) {
    const size = JSON.stringify(value ?? null).length;
    if (size > most) [largest, most] = [{ index, value }, size];
  }
  return largest;
}
