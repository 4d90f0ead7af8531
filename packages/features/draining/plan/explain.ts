import { count } from "@plimsoll/api";
import type { Budget } from "@plimsoll/model";
import type { Verdict } from "./plan.ts";

/** A verdict in words: what follows "the pod …". */
export function explain(verdict: Verdict): string {
  switch (verdict.kind) {
    case "skipped":
      return `stays: ${stays[verdict.why]}`;
    case "refused":
      return verdict.why === "unmanaged"
        ? "has no controller that would make it again"
        : `has local data in ${list(verdict.volumes)} (emptyDir), which would be lost`;
    case "blocked":
      return blocked(verdict.why, verdict.budgets);
    case "homeless":
      return `would find no node${verdict.alone ? "" : " beside the others that have to move"}: ${verdict.reason}`;
    case "ending":
      return "is ending";
    case "evict":
      return verdict.to === undefined ? "may be evicted" : `may be evicted: there is room on ${verdict.to}`;
    case "waits":
      return waits(verdict);
  }
}

const stays = {
  daemonSet: "a DaemonSet would make it again at once",
  mirror: "the kubelet runs it from a file",
  finished: "it has ended",
};

function blocked(why: (Verdict & { kind: "blocked" })["why"], budgets: readonly Budget[]): string {
  const [budget] = budgets;
  const of = budget === undefined ? "" : `the PodDisruptionBudget ${budget.name} (${budget.limit})`;
  switch (why) {
    case "many":
      return `is selected by ${budgets.length} PodDisruptionBudgets (${list(budgets.map(({ name }) => name))}): the eviction API refuses such a pod with 500, always`;
    case "scale": {
      const failure = budget?.status.failure;
      return `is never let go by ${of}, which needs a controller with a scale${failure === undefined ? "" : `: ${failure}`}; minAvailable as a number would do`;
    }
    case "zero":
      return `is never let go by ${of}, which allows none to be missing`;
    case "replicas": {
      const { desiredHealthy = 0, expectedPods = 0 } = budget?.status ?? {};
      return `is held by ${of}, which wants ${count(desiredHealthy, "healthy pod")} of ${expectedPods}: it lets none go until there are more`;
    }
  }
}

function waits(verdict: Verdict & { kind: "waits" }): string {
  switch (verdict.for) {
    case "budget": {
      const { name, status } = verdict.budget;
      return `waits for the PodDisruptionBudget ${name}: it allows ${status.disruptionsAllowed} now, wants ${count(status.desiredHealthy, "healthy pod")} and has ${status.currentHealthy}`;
    }
    case "job":
      return `is given time to end until ${new Date(verdict.until).toISOString()}`;
    case "room":
      return `waits for room: ${verdict.reason}`;
    case "surge":
      return `waits for one more replica${verdict.budget === undefined ? "" : `, which the PodDisruptionBudget ${verdict.budget.name} wants`}`;
    case "node":
      return "waits for other nodes' turn to be over";
    case "refused":
      return "waits: other pods of its node may not be evicted";
    case "sibling":
      return "waits for a sibling to be ready: it is the last that is";
  }
}

function list(names: readonly string[]): string {
  return names.join(", ");
}
