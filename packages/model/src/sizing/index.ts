export { afterKill, nextTry, stepSettings, type StepAdvice, type StepBounds, type StepSettings, type StepTry } from "./batch.ts";
export { type Checkpoint } from "./checkpoint.ts";
export { type Estimate, type Range } from "./estimate.ts";
export { Sizing, UsageHistory } from "./history.ts";
export { type Rejection, type Usage } from "./sample.ts";
export { closeSettings, vpaSettings, type ResourceSettings, type SizingSettings } from "./settings.ts";
export { type Use, UseMeter } from "./use-meter.ts";
