import { findCondition, type Recommendation, type RightSizingPolicy } from "@plimsoll/api";
import type { Stored } from "@plimsoll/kube";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { idlePod, type Place } from "./cluster.ts";

type In = Pick<Place, "client" | "namespace">;

/** Writes a policy, as the administrator. */
export function createPolicy(
  { client, namespace }: In,
  name: string,
  spec: RightSizingPolicy["spec"] = {},
): Promise<Stored<RightSizingPolicy>> {
  return client("rightsizingpolicies.plimsoll.dev").create({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "RightSizingPolicy",
    metadata: { namespace, name },
    spec,
  });
}

/** Waits until a policy is as it should be; gives it. */
export async function untilPolicy(
  { client, namespace }: In,
  name: string,
  holds: (policy: Stored<RightSizingPolicy>) => boolean,
  seconds = 120,
): Promise<Stored<RightSizingPolicy>> {
  let policy: Stored<RightSizingPolicy> | undefined;
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(200)) {
    policy = await client("rightsizingpolicies.plimsoll.dev").get({ namespace, name });
    if (holds(policy)) return policy;
  }
  const { checkpoints: _, ...status } = policy?.status ?? {};
  throw new Error(`the policy ${name} is not as it should be after ${seconds} s: ${JSON.stringify(status, null, 1)}`);
}

/** What a policy says of a workload's container, as in `Deployment/web app`. */
export function adviceOf({ status }: RightSizingPolicy, title: string): Recommendation | undefined {
  return status?.recommendations?.find(
    ({ kind, name, step, container }) => title === `${kind}/${name}${step ? `/${step}` : ""} ${container}`,
  );
}

/** A policy's condition as the text `status/reason: message`. */
export function saysOf({ status }: RightSizingPolicy, type: string): string {
  const found = findCondition(status, type);
  return found === undefined ? "" : `${found.status}/${found.reason}: ${found.message}`;
}

const resources = { requests: { cpu: "500m", memory: "256Mi" } };

/** A pod's specification that no node takes; it asks for more than `recommended` recommends. */
export function sizedSpec(): NonNullable<Pod["spec"]> {
  const { spec } = idlePod("", "");
  return { ...spec, containers: (spec?.containers ?? []).map((container) => ({ ...container, resources })) };
}

/** A policy with recommendations of 100m and 64Mi, as right-sizing would write them. */
export async function recommended(where: In, mode: RightSizingPolicy["spec"]["mode"], workloads: Partial<Recommendation>[]): Promise<void> {
  const { client, namespace } = where;
  const { metadata } = await createPolicy(where, "all", { mode, minConfidence: 0 });
  const amounts = { current: resources.requests, target: { cpu: "100m", memory: "64Mi" } };
  const known = { container: "x", pods: 1, ...amounts, confidence: 50, samples: 100, reason: "Recommended" };
  const lastTransitionTime = new Date().toISOString();
  const conditions = ["Valid", "MetricsAvailable", "Recommending"].map((type) => ({
    type,
    status: "True" as const,
    reason: "Told",
    message: "by a test",
    lastTransitionTime,
  }));
  const recommendations = workloads.map((workload) => ({ ...known, ...workload }) as Recommendation);
  await client("rightsizingpolicies.plimsoll.dev/status").patch(
    { namespace, name: "all" },
    { status: { observedGeneration: metadata.generation, recommendations, conditions } },
  );
}

/** What else a Deployment of real pods is. */
export interface DeploymentOf {
  command: string[];
  resources: object;
  /** Of the container, of the pods' spec and metadata, and of the Deployment's spec. */
  container?: object;
  pod?: object;
  metadata?: object;
  spec?: object;
}

/** A Deployment of real pods of one container, `app`, with the label `app` of its name. */
export async function deployReal(
  { client, namespace }: In,
  name: string,
  { command, resources, container = {}, pod = {}, metadata = {}, spec = {} }: DeploymentOf,
): Promise<void> {
  const idle = idlePod(namespace, name).spec;
  const containers = (idle?.containers ?? []).map((own) => ({
    ...own,
    name: "app",
    image: "busybox",
    imagePullPolicy: "IfNotPresent",
    command,
    resources,
    ...container,
  }));
  await client("deployments.apps").create({
    metadata: { namespace, name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, ...metadata },
        spec: { ...idle, nodeSelector: {}, terminationGracePeriodSeconds: 0, containers, ...pod },
      },
      ...spec,
    },
  } as never);
}
