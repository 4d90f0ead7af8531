import { findCondition, parseDuration, type RightSizingPolicy } from "@plimsoll/api";
import type { ResizingConfig } from "../config.ts";
import type { Rules } from "./situation.ts";
import type { Openness } from "./window.ts";

/** What holds for all workloads of a policy. */
export function rulesOf(policy: RightSizingPolicy, open: Openness, config: ResizingConfig): Rules {
  const { mode = "recommend", minChange = 10, downOnly = false, respectBudgets = true } = policy.spec;
  return {
    mode,
    minChange,
    downOnly,
    respectBudgets,
    closed: mode === "recommend" ? onlyRecommended : closedBy(policy, open),
    settle: parseDuration(config.settle),
    watch: parseDuration(config.watch),
    progress: parseDuration(config.progress),
    hold: parseDuration(config.hold),
  };
}

/** What is said of a policy that isn't to be applied. */
export const onlyRecommended = "its mode is recommend: nothing is changed";

/** What keeps a policy from changing anything now. */
function closedBy({ metadata, status }: RightSizingPolicy, { isOpen, until }: Openness): string | undefined {
  if (findCondition(status, "Valid")?.status === "False") return "the policy can't be carried out as it is written";
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0))
    return "the policy was changed, and what is recommended by it isn't known yet";
  if (findCondition(status, "MetricsAvailable")?.status !== "True") return "metrics.k8s.io doesn't answer";
  if (isOpen) return undefined;
  return until === undefined ? "its windows open no more" : `its windows are closed until ${new Date(until).toISOString().slice(0, 16)}Z`;
}
