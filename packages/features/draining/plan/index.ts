export { explain } from "./explain.ts";
export { planDrain } from "./plan-drain.ts";
export { rehearse } from "./rehearse.ts";
export type { DrainPlan, Eviction, Surge, Verdict } from "./plan.ts";
export type { DrainPolicy, DrainRequest, NodesToDrain } from "./request.ts";
export { isOver } from "./successors.ts";
