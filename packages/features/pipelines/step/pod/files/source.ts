import type { Variables } from "../../../language/expression.ts";
import type { Meter } from "../../../language/meter.ts";
import type { Plan, PlanStep } from "../../../plan/plan.ts";
import type { Given } from "../../../sizing/given.ts";
import type { RunIdentity } from "../../labels.ts";

/** What a pod is made of, but for the values of expressions. */
export interface PodFrame {
  /** The run, with its own labels and annotations. */
  run: RunIdentity & { labels?: Readonly<Record<string, string>>; annotations?: Readonly<Record<string, string>> };
  plan: Pick<Plan, "pod" | "workspace">;
  step: PlanStep;
  /** Undefined for a step that runs once. */
  item?: { index: number; value: unknown };
  /** The how-manieth try it is, from 1. */
  try: number;
  name: string;
  /** How long the pod may take, in seconds; undefined: no limit. */
  deadline: number | undefined;
  /** By what the memory in requests and limits is multiplied. */
  memory: number;
  /** What it is given where its step has resources.auto; by default the most. */
  given?: Given | undefined;
  /** What had ended by the pod's creation, and was not yet in the run's status. */
  record?: string | undefined;
}

/** What a pod is made of. */
export interface PodSource extends PodFrame {
  /** What expressions see; `item` and `itemIndex` too in a fan-out. */
  variables: Variables;
  /** What its expressions are charged to. */
  meter: Meter;
}
