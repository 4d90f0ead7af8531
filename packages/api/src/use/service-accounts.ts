import * as z from "zod";
import { objectName } from "../schema/field.ts";
import type { Path } from "../problems/path.ts";
import type { Template } from "../step/template.ts";
import type { Use } from "./use.ts";

/** What a run may come to, at most: the API server's policy checks no more of its author's rights. */
export const mostServiceAccounts = 8;

/** The ServiceAccounts that may be used by what an object names and doesn't hold itself: the API server sees one object at a time. */
export const serviceAccountNames = z.array(objectName).max(mostServiceAccounts);

interface Source {
  pod?: { serviceAccountName?: string | undefined } | undefined;
  manifest?: object | undefined;
  spark?: object | undefined;
}

/** Where an object names ServiceAccounts: a Job or what else has a pod's template, a Spark application and a schedule of one. */
const inObject = [
  "spec.template.spec.serviceAccountName",
  "spec.template.spec.serviceAccount",
  "spec.driver.serviceAccount",
  "spec.template.driver.serviceAccount",
];

/** Where a step names them for what it makes. */
const within = [...inObject.map((place) => `manifest.${place}`), "spark.driver.serviceAccount"];

/** The place of an object that names another ServiceAccount than the one that it was made from, as where an expression has given it; undefined: none. */
export function changedAccount(written: object, made: object): Path | undefined {
  const at = (object: object, place: string): unknown => valuesAt(object, place.split("."))[0];
  return inObject.find((place) => at(written, place) !== at(made, place))?.split(".");
}

/** The ServiceAccounts that a pipeline names, in its order, each with every place. `title`: as in `Pipeline "release"`. */
export function accountsOf(
  pipeline: Source & { steps: readonly (Source & { name: string })[]; finally?: readonly (Source & { name: string })[] | undefined },
  title: string,
): Use[] {
  const field = ["pod", "serviceAccountName"];
  const use = (source: Source, by: string, path: Path): Use[] => [
    ...(source.pod?.serviceAccountName ? [{ name: source.pod.serviceAccountName, by, path: [...path, ...field] }] : []),
    ...within.flatMap((place) =>
      valuesAt(source, place.split(".")).flatMap((name) =>
        typeof name === "string" && name !== "" ? [{ name, by, path: [...path, ...place.split(".")] }] : [],
      ),
    ),
  ];
  return [
    ...use(pipeline, title, []),
    ...(["steps", "finally"] as const).flatMap((list) =>
      (pipeline[list] ?? []).flatMap((step, index) => use(step, `step "${step.name}" of ${title}`, [list, index])),
    ),
  ];
}

/** Where a template's spec names ServiceAccounts: of a run, of a pod, and of what has a pod's template, as a Job. The API server's policy looks there, too. */
const places = [
  "serviceAccountNames.*",
  "pipeline.pod.serviceAccountName",
  ...["steps", "finally"].flatMap((list) => ["pod.serviceAccountName", ...within].map((place) => `pipeline.${list}.*.${place}`)),
  "serviceAccountName",
  "serviceAccount",
  "template.spec.serviceAccountName",
  "template.spec.serviceAccount",
];

/** The ServiceAccounts that the template of a PipelineSchedule of that name names. */
export function accountsIn({ spec }: Template, schedule: string): Use[] {
  const names = places.flatMap((place) => valuesAt(spec, place.split(".")));
  const by = `what PipelineSchedule "${schedule}" starts`;
  return names.flatMap((name) => (typeof name === "string" && name !== "" ? [{ name, by, path: [] }] : []));
}

function valuesAt(value: unknown, [key, ...rest]: readonly string[]): unknown[] {
  if (key === undefined) return [value];
  if (key === "*") return Array.isArray(value) ? value.flatMap((entry) => valuesAt(entry, rest)) : [];
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? valuesAt(Reflect.get(value, key), rest) : [];
}
