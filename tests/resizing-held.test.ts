import { up, vpaFile, type Cluster } from "@plimsoll/cluster";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { only, prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { plimsoll } from "./support/cli.ts";
import { place, type Place } from "./support/cluster.ts";
import { kubectlOf } from "./support/kubectl.ts";
import { started } from "./support/local-cluster.ts";
import { createPolicy, deployReal, saysOf, untilPolicy } from "./support/sizing.ts";

let cluster: Cluster;
let controller: LocalController;
let own: Place;

beforeAll(async () => {
  cluster = await up({ name: started("held"), metricsServer: true });
  const recommender = { cpuFloor: "5m", memoryFloor: "16Mi" };
  const rightsizing = { interval: "2s", checkpointInterval: "1s", recommender };
  const config = { features: only({ rightsizing, resizing: { settle: "3s" } }) };
  await kubectlOf(cluster.kubeconfig)("apply", "-f", await vpaFile("vpa-v1-crd-gen.yaml"));
  const kubeconfig = await prepare(cluster, { features: ["rightsizing", "resizing"] });
  controller = await startController({ kubeconfig, folder: cluster.folder, config });
  own = await place(cluster.kubeconfig);
});
afterAll(async () => {
  await controller?.stop();
  await cluster?.down();
});

const generous = { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } };
const command = ["sleep", "100000"];
const policyOf = (name: string) => ({ selector: { matchLabels: { app: name } }, minConfidence: 0, mode: "in-place" as const });

/** What a Deployment's only pod asks for in its container, and as a whole. */
async function asked(name: string): Promise<{ container: unknown; whole: unknown }> {
  const { client, namespace } = own;
  const [pod]: Pod[] = await Array.fromAsync(client("pods").list({ namespace, labelSelector: `app=${name}` }));
  return { container: pod?.spec?.containers[0]?.resources, whole: (pod?.spec as { resources?: unknown } | undefined)?.resources };
}

test.concurrent("what a HorizontalPodAutoscaler scales by stays, and is told; all else is changed", async () => {
  const { client, namespace } = own;
  await deployReal(own, "scaled", { command, resources: generous });
  const resource = { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } };
  await client("horizontalpodautoscalers.autoscaling").create({
    metadata: { namespace, name: "by-cpu" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "scaled" },
      maxReplicas: 1,
      metrics: [{ type: "Resource", resource }],
    },
  });
  await createPolicy(own, "scaled", policyOf("scaled"));
  await expect
    .poll(() => asked("scaled"), { timeout: 180_000 })
    .toMatchObject({ container: { requests: { cpu: "100m", memory: "16Mi" }, limits: { memory: "32Mi" } } });
  const policy = await untilPolicy(own, "scaled", (policy) => saysOf(policy, "Applying").startsWith("False/Hindered"));
  expect(saysOf(policy, "Applying")).toContain(
    "Deployment/scaled, container app: cpu stays, as the HorizontalPodAutoscaler by-cpu scales by it: ",
  );
  const { stdout } = await plimsoll(["rightsizing", "-n", namespace], { kubeconfig: cluster.kubeconfig });
  expect(stdout).toMatch(/ scaled .* held by HorizontalPodAutoscaler\/by-cpu \(cpu\)/);
});

test.concurrent(
  "what a VerticalPodAutoscaler changes stays while there is one, and is told; all else is changed, and nothing is in the way once it is gone",
  async () => {
    const { client, namespace } = own;
    await deployReal(own, "vertical", { command, resources: generous });
    const autoscalers = client("verticalpodautoscalers.autoscaling.k8s.io");
    await autoscalers.create({
      metadata: { namespace, name: "by-memory" },
      spec: {
        targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "vertical" },
        resourcePolicy: { containerPolicies: [{ containerName: "*", controlledResources: ["memory"] }] },
      },
    });
    await createPolicy(own, "vertical", { ...policyOf("vertical"), bounds: { cpu: { max: "50m" } } });
    await expect
      .poll(() => asked("vertical"), { timeout: 180_000 })
      .toMatchObject({ container: { requests: { cpu: expect.not.stringMatching(/^100m$/) as string, memory: "128Mi" } } });
    const policy = await untilPolicy(own, "vertical", (policy) => saysOf(policy, "Applying").startsWith("False/Hindered"));
    expect(saysOf(policy, "Applying")).toContain("container app: memory stays, as the VerticalPodAutoscaler by-memory changes it: ");
    await autoscalers.delete({ namespace, name: "by-memory" });
    // That is lowered once what was lowered just now is watched no more.
    await untilPolicy(own, "vertical", (policy) => saysOf(policy, "Applying").startsWith("True/Applied"));
  },
);

test.concurrent("what a pod asks for as a whole isn't changed in its containers, and what it doesn't is", async () => {
  const whole = { requests: { cpu: "200m" } };
  await deployReal(own, "partly", { command, resources: generous, pod: { resources: whole } });
  await deployReal(own, "wholly", { command, resources: generous, pod: { resources: { requests: { cpu: "200m", memory: "1Gi" } } } });
  for (const name of ["partly", "wholly"]) await createPolicy(own, name, policyOf(name));
  await expect
    .poll(() => asked("partly"), { timeout: 180_000 })
    .toEqual({ container: { requests: { cpu: "100m", memory: "16Mi" }, limits: { memory: "32Mi" } }, whole });
  const wholly = await untilPolicy(
    own,
    "wholly",
    ({ status }) => status?.recommendations?.[0]?.reason === "PodLevel" && status.recommendations[0].samples > 0,
    240,
  );
  expect(wholly.status).toMatchObject({ progress: "0/1", saved: { cpu: "0", memory: "0" } });
  expect(await asked("wholly")).toMatchObject({ container: generous });
});

test.concurrent("what is killed at a limit that is kept is told, with the way out", async () => {
  const little = { requests: { memory: "32Mi" }, limits: { memory: "64Mi" } };
  await deployReal(own, "capped", { command: ["tail", "/dev/zero"], resources: little });
  await createPolicy(own, "capped", { ...policyOf("capped"), limits: "keep" });
  const policy = await untilPolicy(own, "capped", (policy) => saysOf(policy, "Applying").includes("killed at its memory limit"), 240);
  expect(saysOf(policy, "Applying")).toMatch(/^False\/Hindered: .*raise that limit, or say `limits: ratio`/);
  expect(policy.status?.recommendations?.[0]).toMatchObject({ current: { memory: "64Mi" }, target: { memory: "64Mi" }, reason: "AtLimit" });
});
