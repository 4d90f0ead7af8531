export { checkedSpec } from "./check.ts";
export { driverRole, driverRules } from "./driver-role.ts";
export { sparkWith } from "./feature.ts";
export { containers, labels } from "./labels.ts";
export { permissions } from "./permissions.ts";
export { type Scheduling } from "./schedule/scheduling.ts";
