import type * as z from "zod";
import type { metadata } from "./schema/field.ts";

/** The group of VerticalPodAutoscaler's kinds. */
export const vpaGroup = "autoscaling.k8s.io";
/** The version of them that Plimsoll reads and writes. */
export const vpaVersion = "v1";

/** Amounts by resource; the API server takes numbers, too. */
type Amounts = Readonly<Record<string, string | number>>;

/** What of a VerticalPodAutoscaler says which containers it is about, and how far it may go. */
export interface VpaContainerPolicy {
  /** "*": all that have none of their own. */
  containerName?: string | undefined;
  mode?: "Auto" | "Off" | undefined;
  minAllowed?: Amounts | undefined;
  maxAllowed?: Amounts | undefined;
  controlledResources?: readonly string[] | undefined;
  controlledValues?: "RequestsAndLimits" | "RequestsOnly" | undefined;
}

/** What a container should ask for, as a VerticalPodAutoscaler's status says it. */
export interface VpaContainerRecommendation {
  containerName?: string | undefined;
  target: Amounts;
  lowerBound?: Amounts | undefined;
  upperBound?: Amounts | undefined;
  /** Before minAllowed and maxAllowed. */
  uncappedTarget?: Amounts | undefined;
}

/** A condition of a VerticalPodAutoscaler. */
export interface VpaCondition {
  type: string;
  status: string;
  reason?: string | undefined;
  message?: string | undefined;
  lastTransitionTime?: string | undefined;
}

/** A VerticalPodAutoscaler's spec, as far as Plimsoll reads and writes it. */
export interface VpaSpec {
  targetRef?: { apiVersion?: string | undefined; kind: string; name: string } | undefined;
  updatePolicy?: { updateMode?: string | undefined } | undefined;
  resourcePolicy?: { containerPolicies?: readonly VpaContainerPolicy[] | undefined } | undefined;
  /** Whose recommendations it takes; without any, VerticalPodAutoscaler's own recommender's. */
  recommenders?: readonly { name: string }[] | undefined;
}

/** A VerticalPodAutoscaler's status. */
export interface VpaStatus {
  recommendation?: { containerRecommendations?: readonly VpaContainerRecommendation[] | undefined } | undefined;
  conditions?: readonly VpaCondition[] | undefined;
}

/** A VerticalPodAutoscaler as the API server has it. Its kind is defined by whoever installs VerticalPodAutoscaler. */
export interface VerticalPodAutoscaler {
  apiVersion?: string | undefined;
  kind?: string | undefined;
  metadata: z.input<typeof metadata>;
  spec: VpaSpec;
  status?: VpaStatus | undefined;
}
