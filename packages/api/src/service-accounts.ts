import * as z from "zod";
import { objectName } from "./field.ts";
import type { Path } from "./path.ts";
import type { Problem } from "./problem.ts";
import type { Template } from "./template.ts";

/** What a run may come to, at most: the API server's policy checks no more of its author's rights. */
export const mostServiceAccounts = 8;

/** The ServiceAccounts that may be used by what an object names and doesn't hold itself: the API server sees one object at a time. */
export const serviceAccountNames = z.array(objectName).max(mostServiceAccounts);

/** What runs as a ServiceAccount. */
export interface AccountUse {
  account: string;
  /** As in `step "ship" of Pipeline "release"`. */
  by: string;
  path: Path;
}

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
): AccountUse[] {
  const field = ["pod", "serviceAccountName"];
  const use = (source: Source, by: string, path: Path): AccountUse[] => [
    ...(source.pod?.serviceAccountName ? [{ account: source.pod.serviceAccountName, by, path: [...path, ...field] }] : []),
    ...within.flatMap((place) =>
      valuesAt(source, place.split(".")).flatMap((account) =>
        typeof account === "string" && account !== "" ? [{ account, by, path: [...path, ...place.split(".")] }] : [],
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
export function accountsIn({ spec }: Template, schedule: string): AccountUse[] {
  const names = places.flatMap((place) => valuesAt(spec, place.split(".")));
  const by = `what PipelineSchedule "${schedule}" starts`;
  return names.flatMap((account) => (typeof account === "string" && account !== "" ? [{ account, by, path: [] }] : []));
}

function valuesAt(value: unknown, [key, ...rest]: readonly string[]): unknown[] {
  if (key === undefined) return [value];
  if (key === "*") return Array.isArray(value) ? value.flatMap((entry) => valuesAt(entry, rest)) : [];
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? valuesAt(Reflect.get(value, key), rest) : [];
}

/** What is wrong where an object, whose list stands at `at`, doesn't list what is used by what it names. */
export function unlistedProblems(uses: readonly AccountUse[], listed: readonly string[] | undefined = [], at: Path = ["spec"]): Problem[] {
  const missing = uses.filter(({ account }) => !listed.includes(account));
  const [first] = missing;
  if (first === undefined) return [];
  const all = [...new Set([...listed, ...missing.map(({ account }) => account)])];
  return [
    {
      rule: "service-account",
      path: [...at, "serviceAccountNames"],
      message: `lacks ServiceAccount "${first.account}", as which ${first.by} runs: give serviceAccountNames: [${all.join(", ")}]`,
    },
  ];
}
