import { conditionOf, findCondition, withCondition, type Condition, type RightSizingPolicy, type RightSizingStatus } from "@plimsoll/api";
import { titleOfKey } from "@plimsoll/model/sizing";
import { together } from "../../listed.ts";
import { writtenChange, type Change } from "./change.ts";
import { onlyRecommended } from "./rules.ts";

/** What a policy's application has come to. */
export interface Standing {
  changes: readonly Change[];
  /** What is in the way, of whichever workload. */
  hindrances: readonly string[];
  /** Containers that are known too little to be changed, and the confidence that it takes. */
  unsure: number;
  minConfidence: number;
  /** Containers whose use was not seen of late. */
  unseen: number;
}

/** The parts of a policy's status that say what is applied. */
export type AppliedStatus = Pick<RightSizingStatus, "changes" | "conditions">;

/** What a status says of a policy that is applied. */
export function appliedStatus(policy: RightSizingPolicy, standing: Standing, now: number): AppliedStatus {
  const changes = standing.changes.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(writtenChange);
  return {
    ...(changes.length > 0 && { changes }),
    conditions: conditionsWith(policy, now, contentOf(policy, standing, now)),
  };
}

/** What it says of one that can't be, or isn't to be. */
export function notApplied(policy: RightSizingPolicy, now: number, reason: string, message: string): AppliedStatus {
  const { changes } = policy.status ?? {};
  return { ...(changes && { changes }), conditions: conditionsWith(policy, now, { status: "False", reason, message }) };
}

function conditionsWith(policy: RightSizingPolicy, now: number, content: Pick<Condition, "status" | "reason" | "message">): Condition[] {
  return [...withCondition(policy.status?.conditions ?? [], conditionOf(policy, now, { type: "Applying", ...content }))];
}

function contentOf(
  policy: RightSizingPolicy,
  { changes, hindrances, unsure, minConfidence, unseen }: Standing,
  now: number,
): Pick<Condition, "status" | "reason" | "message"> {
  const { mode = "recommend" } = policy.spec;
  const back = changes.filter(({ takenBack }) => takenBack !== undefined && takenBack.until > now);
  const left = [
    ...(unsure > 0 ? [`; ${counted(unsure)} left: below a confidence of ${minConfidence} %`] : []),
    ...(unseen > 0 ? [`; ${counted(unseen)} left: without a word of metrics.k8s.io for an hour`] : []),
  ].join("");
  const told = back.map(({ key, takenBack }) => `${titleOfKey(key)}: ${takenBack?.why ?? ""}`);
  if (told.length > 0)
    return {
      status: "False",
      reason: "TakenBack",
      message: `${[told, hindrances]
        .filter((some) => some.length > 0)
        .map(together)
        .join("; ")}${left}`,
    };
  if (mode === "recommend") return { status: "False", reason: "Recommend", message: onlyRecommended };
  const valid = findCondition(policy.status, "Valid");
  if (valid?.status === "False") return { status: "False", reason: "Invalid", message: valid.message };
  if (hindrances.length > 0) return { status: "False", reason: "Hindered", message: `${together(hindrances)}${left}` };
  return { status: "True", reason: "Applied", message: `what is recommended is applied, ${mode}${left}` };
}

function counted(containers: number): string {
  return containers === 1 ? "1 container is" : `${containers} containers are`;
}
