import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2.d.ts";

/** What is kept of a HorizontalPodAutoscaler. */
export interface AutoscalerView {
  namespace: string;
  name: string;
  /** What it scales. */
  target: { apiVersion: string; kind: string; name: string };
  min: number;
  max: number;
  current: number;
  desired: number;
}

/** How features see HorizontalPodAutoscalers. */
export const autoscalerView = {
  project: ({ metadata = {}, spec, status }: HorizontalPodAutoscaler): AutoscalerView => ({
    namespace: metadata.namespace ?? "",
    name: metadata.name ?? "",
    target: {
      apiVersion: spec?.scaleTargetRef.apiVersion ?? "",
      kind: spec?.scaleTargetRef.kind ?? "",
      name: spec?.scaleTargetRef.name ?? "",
    },
    min: spec?.minReplicas ?? 1,
    max: spec?.maxReplicas ?? 0,
    current: status?.currentReplicas ?? 0,
    desired: status?.desiredReplicas ?? 0,
  }),
};
