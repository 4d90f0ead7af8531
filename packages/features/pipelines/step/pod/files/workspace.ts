import type { PersistentVolumeClaim } from "kubernetes-types/core/v1.d.ts";
import type { Plan } from "../../../plan/plan.ts";
import { labels, type RunIdentity } from "../../labels.ts";
import { workspaceName } from "../../names.ts";
import { ownedBy } from "../../owner.ts";

/** The volume that all steps of a run share. */
export function renderWorkspace(run: RunIdentity, workspace: NonNullable<Plan["workspace"]>): PersistentVolumeClaim {
  return {
    metadata: {
      namespace: run.namespace,
      name: workspaceName(run.name),
      labels: { [labels.run]: run.name, [labels.runUid]: run.uid },
      ownerReferences: ownedBy(run),
    },
    spec: {
      accessModes: [workspace.accessMode ?? "ReadWriteOnce"],
      resources: { requests: { storage: String(workspace.size) } },
      ...(workspace.storageClassName === undefined ? {} : { storageClassName: workspace.storageClassName }),
    },
  };
}
