export { PipelinesController, type PipelinesOptions } from "./controller.ts";
export { decide } from "./decide.ts";
export type { Control, Decision, Observed } from "./decision.ts";
export { permissions } from "./permissions.ts";
export { compile, type Plan, type PlanSource } from "./plan.ts";
export { Progress } from "./progress.ts";
export { Tally } from "./tally.ts";
export { labels, type JobView, type PodView } from "./view.ts";
