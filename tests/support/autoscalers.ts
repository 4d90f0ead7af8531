import type { CustomResourceDefinition, Recommendation, RightSizingPolicy, VerticalPodAutoscaler } from "@plimsoll/api";
import { vpaFile } from "@plimsoll/cluster";
import { isNotServed, type Stored } from "@plimsoll/kube";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseAllDocuments } from "yaml";
import type { Place } from "./cluster.ts";

type In = Pick<Place, "client" | "namespace">;

/** The kinds that VerticalPodAutoscaler defines, as it ships them. */
export async function vpaCrds(): Promise<CustomResourceDefinition[]> {
  const text = readFileSync(await vpaFile("vpa-v1-crd-gen.yaml"), "utf8");
  return parseAllDocuments(text).map((document) => document.toJS() as CustomResourceDefinition);
}

/** A recommendation for the Deployment web's container app, sure enough to be applied. */
export const sized: Recommendation = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  name: "web",
  container: "app",
  pods: 2,
  current: { cpu: "1", memory: "1Gi" },
  target: { cpu: "250m", memory: "300Mi" },
  lower: { cpu: "200m", memory: "280Mi" },
  upper: { cpu: "400m", memory: "500Mi" },
  confidence: 50,
  samples: 1_000,
  reason: "Recommended",
};

/** Says in a policy's status what is recommended, in place of the recommender. */
export async function recommend({ client, namespace }: In, name: string, recommendations: Recommendation[]): Promise<void> {
  await client("rightsizingpolicies.plimsoll.dev/status").patch({ namespace, name }, { status: { recommendations } });
}

/** Changes a policy's spec. */
export async function changePolicy(
  { client, namespace }: In,
  name: string,
  spec: Record<keyof RightSizingPolicy["spec"], unknown> | object,
): Promise<void> {
  await client("rightsizingpolicies.plimsoll.dev").patch({ namespace, name }, { spec });
}

/** Waits until the namespace's VerticalPodAutoscalers are as they should be; gives them. */
export async function untilAutoscalers(
  { client, namespace }: In,
  holds: (autoscalers: Stored<VerticalPodAutoscaler>[]) => boolean,
  seconds = 120,
): Promise<Stored<VerticalPodAutoscaler>[]> {
  let found: Stored<VerticalPodAutoscaler>[] = [];
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(200)) {
    found = await Array.fromAsync(client("verticalpodautoscalers.autoscaling.k8s.io").list({ namespace })).catch((error: unknown) => {
      // A kind is served a moment after it was defined.
      if (isNotServed(error)) return [];
      throw error;
    });
    if (holds(found)) return found;
  }
  throw new Error(`the VerticalPodAutoscalers are not as they should be after ${seconds} s: ${JSON.stringify(found, null, 1)}`);
}

/** A VerticalPodAutoscaler's condition, as in `True/Recommended`. */
export function providedIn({ status }: VerticalPodAutoscaler): string {
  const found = status?.conditions?.find(({ type }) => type === "RecommendationProvided");
  return found === undefined ? "" : `${found.status}/${found.reason}`;
}
