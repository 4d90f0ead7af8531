import type { RightSizingPolicy } from "@plimsoll/api";
import type { Stored } from "@plimsoll/kube";
import { withoutManagers } from "../../without-managers.ts";

/** A policy as it is kept. */
export type AppliedPolicy = Stored<RightSizingPolicy>;

/** How the resizing sees policies: without what recommendations are made of, which is long and changes all the time. */
export const appliedPolicies = {
  project: withoutCheckpoints,
  indexes: { namespace: ({ metadata }: AppliedPolicy): readonly string[] => [metadata.namespace ?? ""] },
};

export function withoutCheckpoints(policy: AppliedPolicy): AppliedPolicy {
  const { checkpoints: _, ...status } = policy.status ?? {};
  return { ...withoutManagers(policy), status };
}
