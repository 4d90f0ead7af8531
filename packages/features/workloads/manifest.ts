import { withLines, workloadSet, type CustomObject, type Manifest, type Problem, type WorkloadSet } from "@plimsoll/api";
import type { Language } from "../expressions.ts";
import { initialKinds } from "./config.ts";
import { render } from "./objects/render.ts";

/** The kinds that the feature carries out. */
export const workloadKinds = [workloadSet] as const;

/** What the controller would refuse of a set whatever the installation (`problems`), and what takes more than it grants by default (`notes`), with the lines of its file. */
export function findingsOf({ object, lineOf }: Manifest<CustomObject>, language: Language): { problems: Problem[]; notes: Problem[] } {
  if (object.kind !== "WorkloadSet") return { problems: [], notes: [] };
  const set = object as WorkloadSet;
  // What is in a ConfigMap isn't known here.
  const asked = set.spec.source?.configMap;
  const source = asked && {
    namespace: "",
    name: asked.name,
    version: "",
    data: { [asked.key ?? "manifests.yaml"]: "" },
    resources: asked.resources,
  };
  const namespace = set.metadata.namespace ?? theirNamespace(set);
  const found = render({ ...set, metadata: { ...set.metadata, namespace } }, { language, kinds: undefined, source });
  if ("problems" in found) return { problems: withLines(found.problems, lineOf), notes: [] };
  const notes = found.desired.flatMap(({ ref: { apiVersion, kind } }, index): Problem[] => {
    if (initialKinds.some((one) => one.kind === kind && one.apiVersion === apiVersion)) return [];
    const message = `${kind} of ${apiVersion} isn't one of the kinds that sets may hold by default: an installation has to list it in features.workloads.kinds`;
    return [{ path: ["spec", "manifests", index, "kind"], message }];
  });
  return { problems: [], notes: withLines(notes, lineOf) };
}

/** The namespace that the first object names: where the set says none, it is to be applied there. */
function theirNamespace({ spec: { manifests = [] } }: WorkloadSet): string {
  for (const { metadata } of manifests)
    if (typeof metadata === "object" && metadata !== null && "namespace" in metadata && typeof metadata.namespace === "string")
      return metadata.namespace;
  return "default";
}
