export { checkedSpec } from "./check.ts";
export { sparkWith } from "./feature.ts";
export { labels } from "./labels.ts";
export { permissions } from "./permissions.ts";
export { type Scheduling } from "./schedule/scheduling.ts";
