export type { Cloud, Verdict } from "./cloud.ts";
export { cloudConfig, type CloudConfig } from "./config.ts";
export { openCloud } from "./open.ts";
