import type { PipelineRun } from "@plimsoll/api";
import type { Plan } from "../plan/plan.ts";
import { mostSized } from "../sizing/told-tries.ts";

/** What etcd takes for one object by default is 1.5 MiB; the API server's own part of it is left out. */
const room = 1_450_000;
const [least, most] = [16 * 1024, 512 * 1024];
/** What a step's entry takes in the status, without its outputs. */
const entry = 160;
/** What one try of a step with resources.auto takes. */
const sized = 200;

/** How many bytes all outputs of a run together may take, so that it fits into etcd with its spec and the entries of its steps. */
export function outputLimitOf({ spec, status }: PipelineRun, plan: Plan): number {
  const own = JSON.stringify([spec, status?.pipeline]).length;
  const entries = entry * plan.steps.length + sized * mostSized(plan);
  return Math.max(least, Math.min(most, room - own - entries));
}
