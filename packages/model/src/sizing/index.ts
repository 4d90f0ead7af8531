export { afterKill, nextTry, stepSettings, type StepAdvice, type StepBounds, type StepSettings, type StepTry } from "./batch.ts";
export { Assignment, type Assigned } from "./choice/assignment.ts";
export { inOrder, mayChoose, type Choosing } from "./choice/chosen.ts";
export { sizingLabel } from "./choice/labels.ts";
export {
  ofBoth,
  sizedContainersOf,
  sizedPodOf,
  sizedPods,
  type Kill,
  type SizedContainer,
  type SizedPod,
  type SizedShape,
} from "./choice/sized-pod.ts";
export {
  byLabel,
  groupOf,
  isBatch,
  isObject,
  keyOf,
  ownersIn,
  titleOf,
  titleOfKey,
  workloadOf,
  type KnownOwner,
  type Workload,
} from "./choice/workload.ts";
export { type Checkpoint } from "./checkpoint.ts";
export { type Estimate, type Range } from "./estimate.ts";
export { Sizing, UsageHistory } from "./history.ts";
export { isNear } from "./near.ts";
export { sizedResources, type SizedResource } from "./resource.ts";
export { type Rejection, type Usage } from "./sample.ts";
export { closeSettings, vpaSettings, type ResourceSettings, type SizingSettings } from "./settings.ts";
export { Tries, triesSchema } from "./tries.ts";
export { type Use, UseMeter } from "./use-meter.ts";
export { rounded, written, type Written } from "./written.ts";
