import * as z from "zod";
import { crd } from "../schema/field.ts";
import type { Path } from "../problems/path.ts";
import type { Problem } from "../problems/problem.ts";
import { repeated, withProblems } from "../problems/with-problems.ts";
import { mergeKeyOf } from "./merge-keys.ts";
import { labelProblems } from "./metadata.ts";
import { reserved } from "./reserved.ts";

/** Fields that say whose the pod is and how it ends; a patch may not touch them. */
const fixed = new Map([
  ["spec.restartPolicy", "is Never in every pod of a step: take it out; tries are the step's retry"],
  ["spec.activeDeadlineSeconds", "is worked out from the step's timeout: give the step a timeout"],
  ["spec.serviceAccountName", "is looked for in pod.serviceAccountName, where it is checked who may use it: give it there"],
  ["spec.serviceAccount", "is an old name of serviceAccountName: give pod.serviceAccountName"],
]);
/** Maps and lists that hold what may not go. */
const kept = new Set(["", "metadata", "metadata.labels", "metadata.annotations", "spec", "spec.containers"]);

/** What is wrong with a patch of a pod. */
export function* patchProblems(value: unknown, path: Path = [], fields: readonly string[] = []): Generator<Problem> {
  const at = fields.join(".");
  const mergeKey = mergeKeyOf(fields);
  if (value === null) {
    if (kept.has(at)) yield { path, message: "can't be taken away: it holds what says whose the pod is" };
  } else if (mergeKey !== undefined) {
    if (!Array.isArray(value)) yield { path, message: "must be a list" };
    else {
      for (const [index, entry] of value.entries()) yield* entryProblems(entry, mergeKey, [...path, index], fields);
      yield* repeated(
        value.map((entry) => (isMap(entry) ? entry : {})),
        mergeKey,
        path,
      );
    }
  } else if (isMap(value)) yield* mapProblems(value, path, fields);
  else if (kept.has(at)) yield { path, message: "must be a map" };
}

function* mapProblems(
  map: Readonly<Record<string, unknown>>,
  path: Path,
  fields: readonly string[],
  isKept = kept.has(fields.join(".")),
): Generator<Problem> {
  const at = fields.join(".");
  for (const [key, value] of Object.entries(map)) {
    const own = [...path, key];
    const known = at === "" ? ["metadata", "spec"] : at === "metadata" ? ["labels", "annotations"] : undefined;
    if (key.startsWith("$")) yield* directiveProblems(key, value, own, isKept);
    else if (known !== undefined && !known.includes(key))
      yield { path: own, message: `a patch changes ${known.join(" and ")} alone: take it out` };
    else if (at === "metadata.labels" || at === "metadata.annotations")
      yield* labelProblems(key, value, at === "metadata.labels" ? "label" : "annotation", own);
    else if (fixed.has([...fields, key].join("."))) yield { path: own, message: fixed.get([...fields, key].join(".")) ?? "" };
    else yield* patchProblems(value, own, [...fields, key]);
  }
}

function* entryProblems(entry: unknown, mergeKey: string, path: Path, fields: readonly string[]): Generator<Problem> {
  if (!isMap(entry)) return yield { path, message: `must be a map with ${mergeKey}` };
  const name = entry[mergeKey];
  const isContainers = fields.join(".") === "spec.containers";
  if (entry["$patch"] !== "replace" && typeof name !== "string" && typeof name !== "number")
    yield { path: [...path, mergeKey], message: "is missing: it tells which entry of the list is meant" };
  const goes = entry["$patch"] === "replace" || (entry["$patch"] === "delete" && name === reserved.container);
  if (isContainers && goes)
    yield { path: [...path, "$patch"], message: `the container "${reserved.container}" has to stay: say what is to be different in it` };
  yield* mapProblems(entry, path, fields, false);
}

function* directiveProblems(key: string, value: unknown, path: Path, isKept: boolean): Generator<Problem> {
  if (key !== "$patch") yield { path, message: "there is no such directive; there is $patch" };
  else if (value !== "delete" && value !== "replace" && value !== "merge")
    yield { path, message: `is ${JSON.stringify(value)}: must be delete, replace or merge` };
  else if (isKept && value !== "merge") yield { path, message: "this can't be replaced whole: it holds what says whose the pod is" };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const podPatch = withProblems(z.record(z.string(), z.unknown()), (patch) => patchProblems(patch))
  .describe(
    "A strategic merge patch over the rendered pod, for what has no field here: `metadata` (labels, annotations) and `spec`. Maps are merged, lists by Kubernetes' own keys (containers by name: the step's is `step`); null takes a field away, `$patch: delete` an entry of a list, and `$patch: replace` replaces a map or a list whole.",
  )
  .meta(crd({ preserve: true }));
