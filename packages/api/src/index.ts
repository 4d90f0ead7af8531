export { crds, type CustomResourceDefinition } from "./crd.ts";
export { parseDuration } from "./duration.ts";
export { type Manifest, type Problem, problemsIn, readManifests } from "./manifest.ts";
export { apiVersion, type Pipeline, pipelineSpec, type PipelineSpec } from "./pipeline.ts";
export { type PodOptions } from "./pod.ts";
export { type Condition, type PipelineRun, type RunStatus, type StepStatus } from "./run.ts";
export { type Param, type Step } from "./step.ts";
