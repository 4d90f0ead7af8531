export { blockerOf } from "./decide/blocker.ts";
export { markOf } from "./decide/cordon.ts";
export { policyFor } from "./decide/drain-view.ts";
export { deploymentOf } from "./decide/surge.ts";
export { draining } from "./feature.ts";
export { permissions } from "./permissions.ts";
export * from "./plan/index.ts";
