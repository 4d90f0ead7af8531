import * as z from "zod";
import { crd, json, metadata, namePattern, nameRule, objectName, timeLimit, withRules } from "../schema/field.ts";
import { apiVersion, defineKind, type ObjectOf, v1alpha1 } from "../schema/kind.ts";
import { runStatus } from "../status/run-status.ts";
import { manifestKinds } from "../use/made-kinds.ts";
import { serviceAccountNames } from "../use/service-accounts.ts";
import { ttl } from "../step/ttl.ts";
import { withProblems } from "../problems/with-problems.ts";
import { pipelineSpec } from "./pipeline.ts";

const specFields = z.strictObject({
  params: z
    .record(z.string(), json)
    .optional()
    .describe("Values of the pipeline's parameters.")
    .meta(crd({ preserve: true, atomic: true })),
  pipeline: pipelineSpec
    .optional()
    .describe("The pipeline itself.")
    .meta(crd({ atomic: true })),
  pipelineRef: z
    .strictObject({ name: objectName.describe("The Pipeline's name, in the run's namespace.") })
    .optional()
    .describe("The Pipeline to run, as it is when the run starts."),
  serviceAccountNames: serviceAccountNames
    .optional()
    .describe(
      "The ServiceAccounts that the steps of the named Pipeline may run as: all that it names, at most 8. Whoever starts the run must be allowed to use each.",
    ),
  manifestKinds: manifestKinds
    .optional()
    .describe(
      "The kinds of objects that the manifest steps of the named Pipeline may make, as in batch/v1 Job: all that it has. Whoever starts the run must be allowed to make and to delete them.",
    )
    .meta({ "x-kubernetes-list-type": "set" }),
  timeout: timeLimit.optional().describe("The longest that this run may take; replaces the pipeline's."),
  ttl: ttl.optional(),
  cancel: z.boolean().optional().describe("Set to true to stop the run: no step starts any more, and those that run are ended."),
});

const spec = withRules(specFields, [
  {
    cel: "has(self.pipeline) != has(self.pipelineRef)",
    check: ({ pipeline, pipelineRef }) => (pipeline === undefined) !== (pipelineRef === undefined),
    message: "give either pipeline or pipelineRef",
  },
  {
    cel: "!has(self.serviceAccountNames) || has(self.pipelineRef)",
    check: ({ pipelineRef, serviceAccountNames }) => serviceAccountNames === undefined || pipelineRef !== undefined,
    message: "serviceAccountNames goes with pipelineRef: those of the run's own pipeline are found in it",
  },
  {
    cel: "!has(self.manifestKinds) || has(self.pipelineRef)",
    check: ({ pipelineRef, manifestKinds }) => manifestKinds === undefined || pipelineRef !== undefined,
    message: "manifestKinds goes with pipelineRef: those of the run's own pipeline are found in it",
  },
  {
    cel: "!has(oldSelf.cancel) || !oldSelf.cancel || (has(self.cancel) && self.cancel)",
    message: "a cancelled run can't be resumed; start another",
  },
]);

const runFields = z.strictObject({
  apiVersion: z.literal(apiVersion),
  kind: z.literal("PipelineRun"),
  metadata,
  spec: spec.describe("What to run."),
  status: runStatus.optional().describe("What has been done; written by the controller."),
});

/** What may not change once a run has been created. CEL sees in params no fields, but whether they are equal. */
const fixed = ["params", "pipeline", "pipelineRef", "serviceAccountNames", "manifestKinds", "timeout"] as const;

/**
 * The API server evaluates every rule at every write of a status too, where the spec can't change: such a write is known by its
 * updatedAt, so that pipelines needn't be compared then (45 ms for one of 300 steps).
 */
const statusWrite =
  "(has(self.status) && has(self.status.updatedAt) && (!has(oldSelf.status) || !has(oldSelf.status.updatedAt) || self.status.updatedAt != oldSelf.status.updatedAt))";

const longName = "a run's name has at most 63 characters, as it becomes a label";
const badName = `a run's name ${nameRule}`;

const ruled = withRules(runFields, [
  { cel: "size(self.metadata.name) <= 63", message: longName },
  { cel: `self.metadata.name.matches('${namePattern}')`, message: badName },
  ...fixed.map((field) => ({
    cel: `${statusWrite} || (has(self.spec.${field}) == has(oldSelf.spec.${field}) && (!has(self.spec.${field}) || self.spec.${field} == oldSelf.spec.${field}))`,
    message: `a run's ${field} can't change; start another run`,
  })),
]);

const schema = withProblems(ruled, function* ({ metadata: { name, generateName } }) {
  const path = ["metadata", "name"];
  if (name === undefined && generateName !== undefined && !new RegExp(namePattern).test(`${generateName}x`))
    yield { path: ["metadata", "generateName"], message: `is ${JSON.stringify(generateName)}: ${badName}` };
  if (name !== undefined && name.length > 63) yield { path, message: `has ${name.length} characters: ${longName}` };
  if (name !== undefined && !new RegExp(namePattern).test(name)) yield { path, message: `is ${JSON.stringify(name)}: ${badName}` };
});

/** The definition of the kind PipelineRun. */
export const pipelineRun = defineKind({
  kind: "PipelineRun",
  plural: "pipelineruns",
  shortNames: ["prun"],
  categories: ["plimsoll"],
  scope: "Namespaced",
  versions: [
    {
      ...v1alpha1,
      schema,
      columns: [
        { name: "Phase", type: "string", jsonPath: ".status.phase" },
        { name: "Steps", type: "string", jsonPath: ".status.progress", description: "Steps that have ended, of all." },
        { name: "Started", type: "date", jsonPath: ".status.startedAt" },
        { name: "Finished", type: "date", jsonPath: ".status.finishedAt" },
        { name: "Message", type: "string", jsonPath: ".status.message", priority: 1 },
      ],
      subresources: ["status"],
      immutableLists: { "spec.pipeline.steps": "step", "spec.pipeline.finally": "step" },
    },
  ],
  docs: {
    page: "pipeline",
    guide: "pipelines.md",
    intro: "One run of a pipeline, which it holds itself or names.",
    sameAs: { "spec.pipeline": "a Pipeline's `spec`" },
  },
});

/** A PipelineRun as a user writes it, or as it is stored. */
export type PipelineRun = ObjectOf<typeof pipelineRun>;
