import * as z from "zod";
import { crd, metadata, objectName, quantity, timeLimit } from "../schema/field.ts";
import { apiVersion, defineKind, type ObjectOf, v1alpha1 } from "../schema/kind.ts";
import { podOptions } from "../pod/pod.ts";
import { podProblems } from "../pod/references.ts";
import { problemsIn } from "../problems/issues.ts";
import { pipelineStatus } from "../status/sizing.ts";
import { param, step } from "../step/step.ts";
import { ttl } from "../step/ttl.ts";
import { repeated, withProblems } from "../problems/with-problems.ts";

const fields = z.strictObject({
  description: z.string().max(4096).optional().describe("What the pipeline does."),
  params: withProblems(z.array(param).max(100), (params) => repeated(params, "name"))
    .optional()
    .describe("What a run can set.")
    .meta(crd({ listMapKey: "name" })),
  workspace: z
    .strictObject({
      size: quantity.describe("How large the volume is, as in 1Gi."),
      storageClassName: z.string().max(253).optional().describe("The volume's StorageClass. Default: the cluster's."),
      accessMode: z
        .enum(["ReadWriteOnce", "ReadWriteMany"])
        .optional()
        .describe(
          "ReadWriteOnce (the default): pods that run at the same time go to one node. ReadWriteMany: to any, where the StorageClass can do that.",
        ),
    })
    .optional()
    .describe(
      "One volume for the run, mounted at /workspace in every step, which is also where the steps start. It is deleted with the run.",
    ),
  timeout: timeLimit.optional().describe("The longest that a run may take, as in 2h; steps of `finally` come after it."),
  failFast: z.boolean().optional().describe("End the run's other steps as soon as one has failed. Default: false, they go on."),
  keepPods: z
    .enum(["always", "onFailure", "never"])
    .optional()
    .describe(
      "Which ended pods stay, with their logs, until the run is deleted: all (the default), those that failed, or none. A pod is deleted only when its outcome stands in the run's status.",
    ),
  ttl: ttl.optional(),
  pod: podOptions.optional().describe("Where and as whom the pods of every step run."),
  steps: z
    .array(step)
    .min(1)
    .max(5000)
    .describe("The steps; their order here doesn't matter.")
    .meta(crd({ listMapKey: "name" })),
  finally: z
    .array(step)
    .max(100)
    .optional()
    .describe(
      "Steps that run when all others have ended, whatever the outcome, also when the run was cancelled or its time was over. Their expressions can name every step, and `run.outcome`: Succeeded, Failed or Cancelled.",
    )
    .meta(crd({ listMapKey: "name" })),
});

/** The schema of a pipeline's spec, with the rules that reach over several fields. */
export const pipelineSpec = withProblems(fields, podProblems);

/** A pipeline's spec as a user writes it: defaults need not be filled in. */
export type PipelineSpec = z.input<typeof pipelineSpec>;

const schema = withProblems(
  z.strictObject({
    apiVersion: z.literal(apiVersion),
    kind: z.literal("Pipeline"),
    metadata,
    spec: pipelineSpec.describe("The pipeline."),
    status: pipelineStatus.optional().describe("What is known of its runs; written by the controller."),
  }),
  // The API server holds every name to this.
  ({ metadata: { name } }) => (name === undefined ? [] : problemsIn(objectName, name, ["metadata", "name"])),
);

/** The definition of the kind Pipeline. */
export const pipeline = defineKind({
  kind: "Pipeline",
  plural: "pipelines",
  shortNames: ["pipe"],
  categories: ["plimsoll"],
  scope: "Namespaced",
  versions: [
    {
      ...v1alpha1,
      schema,
      columns: [{ name: "Description", type: "string", jsonPath: ".spec.description" }],
      subresources: ["status"],
    },
  ],
  docs: {
    page: "pipeline",
    guide: "pipelines.md",
    intro: "A pipeline that runs can name.",
    sameAs: { "spec.steps[].pod": "`spec.pod`" },
  },
});

/** A Pipeline as a user writes it. */
export type Pipeline = ObjectOf<typeof pipeline>;
