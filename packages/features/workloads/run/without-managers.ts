import type { WorkloadSet } from "@plimsoll/api";
import type { Stored } from "@plimsoll/kube";

/** A set without who wrote which field, and without annotations: neither is read, and either may be longer than the set. */
export function withoutManagers(set: Stored<WorkloadSet>): Stored<WorkloadSet> {
  return { ...set, metadata: { ...set.metadata, managedFields: undefined, annotations: undefined } };
}
