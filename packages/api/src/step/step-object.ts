import * as z from "zod";
import { crd } from "../schema/field.ts";
import { labelProblems } from "../pod/metadata.ts";
import type { Path } from "../problems/path.ts";
import type { Problem } from "../problems/problem.ts";
import { withProblems } from "../problems/with-problems.ts";

/** Values may hold expressions. */
const named = (kind: "label" | "annotation") =>
  withProblems(z.record(z.string(), z.string()), function* (entries) {
    for (const key of Object.keys(entries)) yield* labelProblems(key, "", kind, [key]);
  });

/** By what others delete what has ended, perhaps before its end was read: then it would be made again. */
const leaving: Readonly<Record<string, string>> = { Job: "ttlSecondsAfterFinished", SparkApplication: "timeToLiveSeconds" };

function* leavingProblems(kind: string, spec: unknown, path: Path): Generator<Problem> {
  const field = leaving[kind];
  if (field !== undefined && typeof spec === "object" && spec !== null && Object.hasOwn(spec, field))
    yield { path: [...path, field], message: "leave it out: the step's keep says when its object goes" };
}

const anyObject = z.looseObject({
  apiVersion: z
    .string()
    .max(300)
    .regex(/^([a-z0-9.-]+\/)?[a-z0-9]+$/, "must be an apiVersion, as in batch/v1, without expressions")
    .describe("As in batch/v1."),
  kind: z
    .string()
    .max(63)
    .regex(/^[A-Za-z0-9]+$/, "must be a kind, as in Job, without expressions")
    .describe("As in Job. It must be one of features.pipelines.kinds of the controller's configuration."),
  metadata: z
    .strictObject(
      { labels: named("label").optional(), annotations: named("annotation").optional() },
      "may have labels and annotations: its name and namespace are made of the run's and the step's",
    )
    .optional()
    .describe("Its labels and annotations. Its name is made of the run's and the step's."),
});

/** An object of any kind, but for its name: that is made of the run's and the step's. */
export const manifest = withProblems(anyObject, ({ kind, spec }) => leavingProblems(kind, spec, ["spec"]))
  .describe("An object that the step makes, waits for, and deletes at its end. ${{ }} in a text holds CEL expressions.")
  .meta(crd({ preserve: true, atomic: true }));

/** The spec of a SparkApplication: short for a manifest. */
export const spark = withProblems(z.record(z.string(), z.unknown()), (spec) => leavingProblems("SparkApplication", spec, []))
  .describe(
    "The spec of a SparkApplication (sparkoperator.k8s.io/v1beta2) that the step runs: short for a manifest. ${{ }} in a text holds CEL expressions.",
  )
  .meta(crd({ preserve: true, atomic: true }));

const expression = z.string().min(1).max(1000).optional();

/** Each is read from the object again whenever it has changed. */
const mostOutputs = 32;

/** What a step says of the object that it makes. */
export const objectFields = {
  manifest: manifest.optional(),
  spark: spark.optional(),
  succeeded: expression.describe(
    "A CEL expression on `object`: whether the step's object has come to its end, and well. Where what it names isn't there yet, it hasn't. Default: what is known of its kind, else its condition Complete or Succeeded.",
  ),
  failed: expression.describe(
    "The same for whether it has failed for good. Default: what is known of its kind, else its condition Failed.",
  ),
  outputs: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be letters, digits and underscores, and not begin with a digit"),
      z.string().min(1).max(1000),
    )
    .refine((outputs) => Object.keys(outputs).length <= mostOutputs, `must be at most ${mostOutputs} outputs`)
    .optional()
    .describe(
      "The step's outputs: CEL expressions on `object` as it was at its end, by their names. A SparkApplication has applicationId and driverPod by default.",
    )
    .meta(crd({ atomic: true })),
  keep: z
    .enum(["always", "onFailure", "never"])
    .optional()
    .describe(
      "Which of the step's objects stay when they have ended, until the run is deleted: all, those that failed, or none (the default). One is deleted only when its outcome stands in the run's status.",
    ),
};

/** The object that a step makes, as an object; undefined for a step that runs a pod. */
export function manifestOf({ manifest, spark }: ObjectSource): Manifested | undefined {
  if (spark !== undefined) return { apiVersion: "sparkoperator.k8s.io/v1beta2", kind: "SparkApplication", spec: spark };
  return manifest;
}

/** As far as its object is concerned. */
interface ObjectSource {
  manifest?: Manifested | undefined;
  spark?: Readonly<Record<string, unknown>> | undefined;
}

/** What a manifest is, as a user writes it. */
export type Manifested = z.infer<typeof manifest>;
