export { type SparkApplicationSpec } from "./application-spec.ts";
export { sparkCrds, sparkGroup, sparkVersion } from "./crds.ts";
export { readSparkObject, type SparkManifest } from "./manifest.ts";
export {
  readScheduledSparkSpec,
  readSparkSpec,
  type ScheduledSparkApplication,
  soundSparkSpec,
  type SoundSparkSpec,
  type SparkApplication,
} from "./objects.ts";
export { type SparkPodSpec } from "./pod-spec.ts";
export { type ScheduledSparkApplicationSpec, type ScheduledSparkApplicationStatus } from "./scheduled.ts";
export { type ApplicationState, applicationStates, type ExecutorState, type SparkApplicationStatus } from "./status.ts";
