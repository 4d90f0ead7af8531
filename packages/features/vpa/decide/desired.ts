import { apiVersion, type VerticalPodAutoscaler, type VpaContainerPolicy, type VpaSpec } from "@plimsoll/api";
import { createHash } from "node:crypto";
import { made, recommender } from "../labels.ts";
import type { Advice, ContainerAdvice, Policy } from "./policy.ts";

/** As most names may be, and what a label holds. */
const longest = 63;

/** The name of a policy's VerticalPodAutoscaler for a workload: its digits are of both, as cut texts put together may be those of others. */
export function nameOf({ metadata }: Pick<Policy, "metadata">, { kind, name }: Pick<Advice, "kind" | "name">): string {
  const digits = createHash("sha256").update(`${metadata.name}/${kind}/${name}`).digest("hex").slice(0, 10);
  const text = `${metadata.name}-${name}`.slice(0, longest - digits.length - 1).replace(/[-.]+$/, "");
  return `${text}-${digits}`;
}

/** What a policy wants its VerticalPodAutoscaler for a workload to say. */
export function specOf({ updateMode }: Pick<Policy, "updateMode">, { apiVersion, kind, name, containers }: Advice): VpaSpec & object {
  return {
    targetRef: { apiVersion, kind, name },
    updatePolicy: { updateMode: modeFor(kind, updateMode) },
    recommenders: [{ name: recommender }],
    resourcePolicy: {
      containerPolicies: [
        ...containers.flatMap((container) => (container.recommended === undefined ? [] : [containerPolicyOf(container)])),
        // Of whatever there is no recommendation for, VerticalPodAutoscaler is to leave its hands.
        { containerName: "*", mode: "Off" },
      ],
    },
  };
}

/** A Job counts pods that are evicted as failed, and may fail for it: those of batch get what is recommended as they start. */
function modeFor(kind: string, updateMode: string | undefined): string | undefined {
  return (kind === "Job" || kind === "CronJob") && updateMode !== "Off" ? "Initial" : updateMode;
}

/** It can't take limits away: where they are to go, they stay, as with `keep`. */
function containerPolicyOf({ name, resources, limits }: ContainerAdvice): VpaContainerPolicy {
  return {
    containerName: name,
    mode: "Auto",
    controlledResources: resources,
    controlledValues: limits === "ratio" ? "RequestsAndLimits" : "RequestsOnly",
  };
}

/** The whole object: it goes with its policy. */
export function desiredOf(policy: Policy, advice: Advice): VerticalPodAutoscaler {
  const { namespace, name, uid } = policy.metadata;
  return {
    metadata: {
      namespace,
      name: nameOf(policy, advice),
      labels: { [made.label]: made.value },
      ownerReferences: [{ apiVersion, kind: "RightSizingPolicy", name, uid, controller: true, blockOwnerDeletion: false }],
    },
    spec: specOf(policy, advice),
  };
}
