import type { PodOptions } from "@plimsoll/api";
import type { Affinity, PodAffinityTerm, PodSpec } from "kubernetes-types/core/v1.d.ts";
import type { Plan } from "../../plan/plan.ts";
import { labels, type RunIdentity } from "../labels.ts";
import { asKubernetes } from "./as-kubernetes.ts";

/** What is handed to Kubernetes as the user gave it. */
const handedOn = [
  "nodeSelector",
  "tolerations",
  "topologySpreadConstraints",
  "priorityClassName",
  "schedulerName",
  "runtimeClassName",
  "serviceAccountName",
  "imagePullSecrets",
  "terminationGracePeriodSeconds",
  "resourceClaims",
  "hostAliases",
  "dnsPolicy",
  "dnsConfig",
] as const;

/** Where a pod goes, and what it finds there. */
export function renderPlacement(run: RunIdentity, workspace: Plan["workspace"], options: PodOptions): Partial<PodSpec> {
  return asKubernetes({
    ...Object.fromEntries(handedOn.map((field) => [field, options[field]])),
    affinity: affinityOf(run, workspace, asKubernetes<Affinity>(options.affinity ?? {})),
  });
}

/**
 * A ReadWriteOnce volume can be mounted on one node at a time: pods that have it go where others of the run are. The scheduler lets the first
 * one through, as it is selected by its own term.
 */
function affinityOf(run: RunIdentity, workspace: Plan["workspace"], own: Affinity): Affinity | undefined {
  if (workspace === undefined || workspace.accessMode === "ReadWriteMany") return Object.keys(own).length > 0 ? own : undefined;
  const beside: PodAffinityTerm = { labelSelector: { matchLabels: { [labels.runUid]: run.uid } }, topologyKey: "kubernetes.io/hostname" };
  const required = own.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return { ...own, podAffinity: { ...own.podAffinity, requiredDuringSchedulingIgnoredDuringExecution: [...required, beside] } };
}
