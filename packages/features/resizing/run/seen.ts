import type { View } from "@plimsoll/kube";
import type { Budget } from "@plimsoll/model";
import type { KnownOwner } from "@plimsoll/model/sizing";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.d.ts";
import type { ResizablePod } from "../observe/pod.ts";
import type { Template } from "../observe/template.ts";
import type { AppliedPolicy } from "./policy.ts";

/** What the cluster has. */
export interface Seen {
  policies: View<never, AppliedPolicy, "namespace">;
  pods: View<Pod, ResizablePod, "namespace" | "owner">;
  budgets: View<PodDisruptionBudget, Budget, "namespace">;
  owner: KnownOwner;
  /** By the kind of Kubernetes' own. */
  template: (kind: string, namespace: string, name: string) => Template | undefined;
}
