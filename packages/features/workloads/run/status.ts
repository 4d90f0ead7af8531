import {
  conditionOf,
  firstOfProblems,
  validity,
  withCondition,
  type Condition,
  type Problem,
  type WorkloadSet,
  type WorkloadSetStatus,
} from "@plimsoll/api";
import type { Plan } from "../decide/plan.ts";
import { isLacking } from "../decide/plan.ts";
import { isWell } from "../../health.ts";
import { together } from "../../listed.ts";
import { titleOf } from "../objects/ref.ts";
import type { Failure } from "./failure.ts";
import type { Inventory } from "./inventory.ts";

type Content = Pick<Condition, "type" | "status" | "reason" | "message">;

/** What has come of a round of work. */
export interface Outcome {
  plan: Plan;
  inventory: Inventory;
  failures: ReadonlyMap<string, Failure>;
  /** What is said of drifted objects, by key. */
  drift: ReadonlyMap<string, string>;
}

/** The status after a round. */
export function statusAfter(set: WorkloadSet, outcome: Outcome, now: number): WorkloadSetStatus {
  const { plan, inventory } = outcome;
  const asSaid = plan.stood.filter(({ standing }) => standing === "current" || standing === "over").length;
  const contents = [appliedOf(set, outcome), healthyOf(outcome), driftedOf(set, outcome)];
  const conditions = contents.reduce(
    (all, content) => withCondition(all, conditionOf(set, now, content)),
    withCondition(set.status?.conditions ?? [], validity(set, now, [], "it can be carried out")),
  );
  const [applied, healthy] = contents;
  const message = [applied, healthy].find((content) => content?.status !== "True")?.message;
  return {
    observedGeneration: set.metadata.generation ?? 0,
    progress: `${asSaid}/${plan.stood.length}`,
    message,
    inventory: inventory.toList(),
    conditions: [...conditions],
  };
}

/** The status of a set that can't be carried out: nothing of it is changed. */
export function invalidStatus(set: WorkloadSet, problems: readonly Problem[], now: number): WorkloadSetStatus {
  const message = firstOfProblems(problems);
  const applied = conditionOf(set, now, {
    type: "Applied",
    status: "False",
    reason: "Invalid",
    message: "it can't be carried out as it is written: nothing is changed",
  });
  const conditions = [validity(set, now, problems, ""), applied].reduce(withCondition, set.status?.conditions ?? []);
  return { ...set.status, observedGeneration: set.metadata.generation ?? 0, message, conditions: [...conditions] };
}

function appliedOf({ spec }: WorkloadSet, { plan, failures }: Outcome): Content {
  const no = (reason: string, message: string): Content => ({ type: "Applied", status: "False", reason, message });
  const titles = new Map(plan.stood.map(({ desired }) => [desired.key, titleOf(desired.ref)]));
  const titleAt = (key: string): string => titles.get(key) ?? key.replace(/^[^/]*\//, "");
  const [first] = failures;
  if (first !== undefined) {
    const [key, { reason, message }] = first;
    return no(reason, `${titleAt(key)}: ${message}${failures.size > 1 ? ` (and ${failures.size - 1} more)` : ""}`);
  }
  const lacking = plan.stood.filter(({ standing }) => isLacking(standing, spec.driftPolicy ?? "correct"));
  if (spec.suspend === true && lacking.length > 0)
    return no(
      "Suspended",
      `${lacking
        .map(({ desired }) => titleOf(desired.ref))
        .slice(0, 5)
        .join(", ")}: left as they are, as the set is suspended`,
    );
  const [wait] = plan.waiting;
  if (wait !== undefined) return no("Waiting", `${titleAt(wait[0])} waits for ${wait[1].map(titleAt).join(", ")}`);
  const [ending] = lacking;
  if (ending !== undefined)
    return ending.standing === "ending"
      ? no("Waiting", `${titleOf(ending.desired.ref)} is being deleted, and made anew when it is gone`)
      : no("Waiting", `${titleOf(ending.desired.ref)} was changed by others again and again: it is corrected a while later`);
  return { type: "Applied", status: "True", reason: "Applied", message: "all objects are as the set says" };
}

function healthyOf({ plan, inventory }: Outcome): Content {
  const no = (reason: string, message: string): Content => ({ type: "Healthy", status: "False", reason, message });
  const entries = plan.stood.map(({ desired }) => ({ title: titleOf(desired.ref), entry: inventory.entries.get(desired.key) }));
  const failed = entries.find(({ entry }) => entry?.health === "Failed");
  if (failed !== undefined) return no("Failed", `${failed.title}: ${failed.entry?.message ?? "it has failed"}`);
  const unwell = entries.filter(({ entry }) => !isWell(entry?.health));
  const [first] = unwell;
  if (first === undefined) return { type: "Healthy", status: "True", reason: "Healthy", message: "all objects are healthy" };
  const more = unwell.length > 1 ? ` (and ${unwell.length - 1} more)` : "";
  return no("Progressing", `${first.title}: ${first.entry?.message ?? "it isn't healthy yet"}${more}`);
}

function driftedOf({ spec }: WorkloadSet, { plan, drift }: Outcome): Content {
  const policy = spec.driftPolicy ?? "correct";
  if (policy === "ignore")
    return { type: "Drifted", status: "Unknown", reason: "Ignored", message: "whether others change objects isn't looked at" };
  const told = plan.drifted.map(({ desired }) => `${titleOf(desired.ref)}: ${drift.get(desired.key) ?? "somebody has changed it"}`);
  if (told.length === 0) return { type: "Drifted", status: "False", reason: "AsApplied", message: "nobody has changed what the set holds" };
  return { type: "Drifted", status: "True", reason: "Changed", message: together(told) };
}
