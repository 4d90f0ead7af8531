import { formatPath, type Pipeline, type PipelineRun } from "@plimsoll/api";
import type { DeclaredRule } from "@plimsoll/kube";
import { planOf } from "./manifest.ts";
import { permissions } from "../permissions.ts";

/**
 * The rules that the feature needs for these objects alone, of those that it declares. A run whose Pipeline is not among them may
 * need any. Throws an Error for a pipeline that is not valid, with the field.
 */
export function rulesFor(objects: readonly (Pipeline | PipelineRun)[]): DeclaredRule[] {
  const nameOf = ({ metadata }: Pipeline | PipelineRun, name: string | undefined): string => `${metadata.namespace ?? ""}/${name}`;
  const named = new Set(objects.flatMap((object) => (object.kind === "Pipeline" ? [nameOf(object, object.metadata.name)] : [])));
  const unknown = objects.some(
    (object) =>
      object.kind === "PipelineRun" && object.spec.pipelineRef !== undefined && !named.has(nameOf(object, object.spec.pipelineRef.name)),
  );
  const plans = objects.flatMap((object) => {
    const result = planOf(object);
    if (result === undefined) return [];
    if ("plan" in result) return [result.plan];
    const { name = object.metadata.generateName } = object.metadata;
    throw new Error(
      `${object.kind} "${name ?? ""}": ${result.problems.map(({ path, message }) => `${formatPath(path)}: ${message}`).join("; ")}`,
    );
  });
  const needed: Record<string, boolean> = {
    pipelines: named.size > 0 || unknown,
    // What a run uses that holds its pipeline is remembered nowhere.
    "pipelines/status": unknown || objects.some((object) => object.kind === "Pipeline" && hasAuto(object.spec)),
    persistentvolumeclaims: unknown || plans.some(({ workspace }) => workspace !== undefined),
  };
  const expires = unknown || objects.some(({ spec }) => [spec, "pipeline" in spec ? spec.pipeline : undefined].some((one) => one?.ttl));
  const isExpiry = ({ resources, verbs }: DeclaredRule): boolean => resources.includes("pipelineruns") && verbs.includes("delete");
  return permissions.rules.filter((rule) => rule.resources.every((resource) => needed[resource] ?? true) && (expires || !isExpiry(rule)));
}

/** Whether the resources of a step go by earlier tries. */
function hasAuto({ steps, finally: last = [] }: Pipeline["spec"]): boolean {
  return [...steps, ...last].some(({ resources }) => resources?.auto !== undefined);
}
