import { mergeKeyOf, reserved, valueAt, type Path, type PodOptions, type Step } from "@plimsoll/api";

/** A step whose pod is looked at: where it and its pipeline stand, and what its pod is made of. */
export interface PlacedPod {
  step: Step;
  /** The step's place in its object. */
  at: Path;
  /** The pipeline's pod. */
  shared: PodOptions;
  /** The place of the pipeline in its object. */
  pipelineAt: Path;
  /** The pod as it was made. */
  pod: unknown;
}

/** The lists in which Plimsoll's own entries stand before the user's. */
const mixed = new Set(["volumeMounts", "volumes"]);

/** Where what stands at a path of a step's pod was written; `known`: whether that is the very place. */
export function placeOf(path: Path, placed: PlacedPod): { path: Path; known: boolean } {
  const { step, at, shared, pipelineAt } = placed;
  const options: PodOptions = { ...shared, ...step.pod };
  const optionsAt = (field: keyof PodOptions): Path => [...(step.pod?.[field] === undefined ? pipelineAt : at), "pod", field];
  const patched = options.patch === undefined ? undefined : placeInPatch(path, options.patch, placed.pod);
  if (patched?.whole) return { path: [...optionsAt("patch"), ...patched.path], known: true };
  const written = writtenAt(path, placed, options, optionsAt);
  if (written !== undefined) return { path: written, known: true };
  return { path: patched === undefined ? at : [...optionsAt("patch"), ...patched.path], known: false };
}

function writtenAt(
  [, field, index, ...rest]: Path,
  { step, at, pod }: PlacedPod,
  options: PodOptions,
  optionsAt: (field: keyof PodOptions) => Path,
): Path | undefined {
  if (field === "containers") {
    if (valueAt(pod, ["spec", "containers", index ?? 0, "name"]) !== reserved.container) return undefined;
    const [key, place, ...more] = rest;
    if (key === "securityContext" && step.securityContext === undefined && options.securityContext) return optionsAt("securityContext");
    if (key === undefined || Reflect.get(step, key) === undefined) return undefined;
    return [
      ...at,
      key,
      ...(place === undefined
        ? []
        : [key === "volumeMounts" ? ownIndex(step.volumeMounts, pod, ["spec", "containers", index ?? 0, key], place) : place]),
      ...more,
    ];
  }
  if (typeof field !== "string" || !(field in options) || field === "patch") return undefined;
  const key = field as keyof PodOptions;
  if (index === undefined) return optionsAt(key);
  return [...optionsAt(key), mixed.has(field) ? ownIndex(options.volumes, pod, ["spec", field], index) : index, ...rest];
}

/** Which of the user's entries one of the pod's list is: those stand at the end. */
function ownIndex(own: readonly unknown[] | undefined, pod: unknown, list: Path, index: string | number): string | number {
  const all = valueAt(pod, list);
  return Array.isArray(all) && typeof index === "number" ? Math.max(0, index - (all.length - (own?.length ?? 0))) : index;
}

/** How far a patch reaches to a path of the pod, and where that stands in it. `whole`: the very value is the patch's. */
function placeInPatch(path: Path, patch: unknown, pod: unknown): { path: Path; whole: boolean } | undefined {
  const found: (string | number)[] = [];
  const fields: string[] = [];
  let at: unknown = patch;
  let own: unknown = pod;
  for (const part of path) {
    own = valueAt(own, [part]);
    const mergeKey = typeof part === "number" ? mergeKeyOf(fields) : undefined;
    const index = mergeKey === undefined ? part : entryOf(at, mergeKey, valueAt(own, [mergeKey]));
    const next = index === undefined ? undefined : valueAt(at, [index]);
    if (index === undefined || next === undefined) return found.length > 1 ? { path: found, whole: false } : undefined;
    found.push(index);
    if (typeof part === "string") fields.push(part);
    at = next;
  }
  return { path: found, whole: true };
}

function entryOf(list: unknown, key: string, name: unknown): number | undefined {
  const index = Array.isArray(list) ? list.findIndex((entry) => valueAt(entry, [key]) === name) : -1;
  return index < 0 ? undefined : index;
}

/** A path that the API server names, as in `spec.containers[0].env[1].name` or `spec.nodeSelector[a/b]`. */
export function parsePath(text: string): Path {
  return [...text.matchAll(/\[(\d+)\]|\[([^\]]*)\]|([^.[\]]+)/g)].map(([, index, key, field]) =>
    index === undefined ? (key ?? field ?? "") : Number(index),
  );
}
