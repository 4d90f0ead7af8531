import { apiVersion } from "@plimsoll/api";
import type { OwnerReference } from "kubernetes-types/meta/v1.d.ts";
import type { RunIdentity } from "./labels.ts";

/** What makes an object the run's: it is deleted with it. Nothing waits for that, which would take the right to set finalizers. */
export function ownedBy(run: RunIdentity): OwnerReference[] {
  return [{ apiVersion, kind: "PipelineRun", name: run.name, uid: run.uid, controller: true }];
}
