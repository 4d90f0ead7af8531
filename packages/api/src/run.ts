import { z } from "zod";
import { crd, duration, json, metadata, name, time, withRules } from "./field.ts";
import { apiVersion, pipelineSpec } from "./pipeline.ts";

const specFields = z.strictObject({
  params: z.record(z.string(), json).optional().describe("Values of the pipeline's parameters."),
  pipeline: pipelineSpec.optional().describe("The pipeline itself."),
  pipelineRef: z.strictObject({ name: name(253).describe("The Pipeline's name, in the run's namespace.") }).optional().describe("The Pipeline to run, as it is when the run starts."),
  timeout: duration.optional().describe("The longest that this run may take; replaces the pipeline's."),
  cancel: z.boolean().optional().describe("Set to true to stop the run: no step starts any more, and those that run are ended."),
});

export const runSpec = withRules(specFields, [
  {
    cel: "has(self.pipeline) != has(self.pipelineRef)",
    check: (spec) => (spec.pipeline === undefined) !== (spec.pipelineRef === undefined),
    message: "give either pipeline or pipelineRef",
  },
  { cel: "!has(oldSelf.cancel) || !oldSelf.cancel || (has(self.cancel) && self.cancel)", message: "a cancelled run can't be resumed; start another" },
  { cel: "has(self.pipeline) == has(oldSelf.pipeline) && (!has(self.pipeline) || self.pipeline == oldSelf.pipeline)", message: "a run's pipeline can't change; start another run" },
]);

const outputs = z.record(z.string(), z.string());

export const stepStatus = z.strictObject({
  phase: z.enum(["Running", "Succeeded", "Failed", "Skipped", "Cancelled"]).describe("Where the step stands. A step without an entry waits for what it needs."),
  startedAt: time.optional(),
  finishedAt: time.optional(),
  items: z
    .strictObject({ total: z.int(), active: z.int().optional(), succeeded: z.int().optional(), failed: z.int().optional() })
    .optional()
    .describe("Counts of the items of a step with forEach."),
  outputs: z
    .union([outputs, z.array(outputs)])
    .optional()
    .describe("What the step wrote to $PLIMSOLL_OUTPUTS; a list with an entry an item where the step has forEach.")
    .meta(crd({ preserve: true })),
  message: z.string().optional().describe("Why the step waits, failed or was skipped."),
});

export type StepStatus = z.infer<typeof stepStatus>;

export const condition = z.strictObject({
  type: z.string(),
  status: z.enum(["True", "False", "Unknown"]),
  reason: z.string(),
  message: z.string(),
  lastTransitionTime: time,
  observedGeneration: z.int().optional(),
});

export type Condition = z.infer<typeof condition>;

export const runStatus = z.strictObject({
  observedGeneration: z.int().optional(),
  phase: z.enum(["Pending", "Running", "Succeeded", "Failed", "Cancelled"]).optional(),
  startedAt: time.optional(),
  finishedAt: time.optional(),
  message: z.string().optional().describe("Why the run failed."),
  progress: z.string().optional().describe("Steps that have ended, of all."),
  steps: z.record(z.string(), stepStatus).optional().describe("Each step that has started or been skipped, by its name."),
  pipeline: pipelineSpec.optional().describe("The Pipeline as it was when the run started, where the run names one.").meta(crd({ preserve: true })),
  conditions: z.array(condition).optional().meta(crd({ listMapKey: "type" })),
});

export type RunStatus = z.input<typeof runStatus>;

const runFields = z.strictObject({
  apiVersion: z.literal(apiVersion),
  kind: z.literal("PipelineRun"),
  metadata,
  spec: runSpec.describe("What to run."),
  status: runStatus.optional().describe("What has been done; written by the controller."),
});

export const pipelineRun = withRules(runFields, [
  { cel: "size(self.metadata.name) <= 63", check: (run) => (run.metadata.name ?? "").length <= 63, message: "a run's name has at most 63 characters, as it becomes a label" },
]);

export type PipelineRun = z.input<typeof pipelineRun>;
