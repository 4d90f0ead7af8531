import { configuredRules } from "@plimsoll/features/configured-rules";
import type { Part } from "@plimsoll/features/part";
import { eventPermissions, leaderPermissions } from "@plimsoll/kube";
import { features } from "../features.ts";
import events from "./events.proof.json" with { type: "json" };
import leaderElection from "./leader-election.proof.json" with { type: "json" };

/** The Lease of an installation in which one process runs all features. */
export const defaultLease = "plimsoll";

/** What every process does beside its features; it stands for this Lease. */
export function coreParts(lease = defaultLease): readonly Part[] {
  return [
    { name: "leader-election", rules: leaderPermissions(lease).rules, proof: leaderElection },
    { name: "events", rules: eventPermissions.rules, proof: events },
  ];
}

/** All that has permissions, as it is configured by default. */
export const parts: readonly Part[] = [
  ...coreParts(),
  ...features.map((feature) => ({ ...feature, rules: [...feature.rules, ...configuredRules(feature)] })),
];
