import type { RightSizingPolicy } from "@plimsoll/api";
import { up, type Cluster } from "@plimsoll/cluster";
import { milliOf, valueOf } from "@plimsoll/model";
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { only, prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { idlePod, place, type Place } from "./support/cluster.ts";
import { kubectlOf } from "./support/kubectl.ts";
import { started } from "./support/local-cluster.ts";
import { createPolicy, deployReal, saysOf, untilPolicy, type DeploymentOf } from "./support/sizing.ts";

let cluster: Cluster;
let controller: LocalController;
let own: Place;
let start: () => Promise<LocalController>;

beforeAll(async () => {
  cluster = await up({ name: started("resized"), metricsServer: true });
  const kubeconfig = await prepare(cluster, { features: ["rightsizing", "resizing"] });
  const recommender = { cpuFloor: "5m", memoryFloor: "16Mi" };
  const config = {
    features: only({
      rightsizing: { interval: "2s", checkpointInterval: "1s", recommender },
      resizing: { settle: "3s", watch: "1h", hold: "1h" },
    }),
  };
  start = () => startController({ kubeconfig, folder: cluster.folder, config });
  controller = await start();
  own = await place(cluster.kubeconfig);
});
afterAll(async () => {
  await controller?.stop();
  await cluster?.down();
});

const resources = { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } };
/** Whether a container's memory limit is what it was; in either version of cgroups. */
const hasLimit = '[ "$(cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes)" -ge 268435456 ]';
/** Whether it is no more. */
const hasNoMore = hasLimit.replace("-ge", "-le");
/** What runs until its memory limit is lowered, and crashes then. */
const crashesWhenLowered = `while ${hasLimit}; do sleep 0.2; done; exit 3`;

/** A Deployment of real pods, by default of ones that do nothing, which ask for too much. */
const deploy = (name: string, more: Partial<DeploymentOf> = {}): Promise<void> =>
  deployReal(own, name, { command: ["sleep", "100000"], resources, ...more });

const policyOf = (name: string) => ({ selector: { matchLabels: { app: name } }, minConfidence: 0 });

async function podsOf(name: string): Promise<Pod[]> {
  const { client, namespace } = own;
  const pods = await Array.fromAsync(client("pods").list({ namespace, labelSelector: `app=${name}` }));
  return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

function asked({ spec }: Pod): { cpu: number; memory: number; limit: number } {
  const { requests = {}, limits = {} } = spec?.containers[0]?.resources ?? {};
  return { cpu: milliOf(requests["cpu"] ?? 0), memory: valueOf(requests["memory"] ?? 0), limit: valueOf(limits["memory"] ?? 0) };
}

/** When the controller has resized a pod. */
const resizedAt = ({ metadata }: Pod): number =>
  Date.parse(metadata?.managedFields?.find(({ manager }) => manager === "plimsoll-resizing")?.time ?? "");

const ownedBy = ({ metadata }: Pod, name: string): boolean => metadata?.ownerReferences?.[0]?.name === name;

const isLess = (pod: Pod): boolean => asked(pod).cpu < 100 && asked(pod).memory < 128 * 1024 ** 2;

async function untilPods(name: string, holds: (pods: Pod[]) => boolean): Promise<Pod[]> {
  return vi.waitFor(
    async () => {
      const pods = await podsOf(name);
      if (holds(pods)) return pods;
      const policies = own.client("rightsizingpolicies.plimsoll.dev");
      const { checkpoints: _, ...status } = (await policies.get({ namespace: own.namespace, name }).catch(() => undefined))?.status ?? {};
      throw new Error(`the pods of ${name} aren't as they should be: ${JSON.stringify([pods.map(asked), status], null, 1)}`);
    },
    { timeout: 180_000, interval: 300 },
  );
}

test.concurrent("in-place lowers what running pods ask for, first of one and then of the others, and restarts none", async () => {
  await deploy("calm", { spec: { replicas: 2 } });
  const before = await untilPods("calm", (pods) => pods.length === 2 && pods.every(({ status }) => status?.phase === "Running"));
  await createPolicy(own, "calm", { ...policyOf("calm"), mode: "in-place" });
  const after = await untilPods("calm", (pods) => pods.every(isLess));
  expect(after.map(({ metadata }) => metadata?.uid).toSorted()).toEqual(before.map(({ metadata }) => metadata?.uid).toSorted());
  expect(after.map(({ status }) => status?.containerStatuses?.[0]?.restartCount)).toEqual([0, 0]);
  // In whole seconds, which are as far apart as the moments.
  const [first = 0, second = 0] = after.map(resizedAt).toSorted();
  expect(second - first).toBeGreaterThanOrEqual(3_000);
  // The limit stays as many times the request.
  for (const pod of after) expect(asked(pod).limit).toBe(asked(pod).memory * 2);
  const policy = await untilPolicy(own, "calm", (policy) => saysOf(policy, "Applying").startsWith("True/Applied"));
  expect(policy.status?.changes).toMatchObject([
    { key: "apps/Deployment/calm//app", from: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } } },
  ]);
  // The template is as it was.
  const { spec } = await own.client("deployments.apps").get({ namespace: own.namespace, name: "calm" });
  expect(spec?.template.spec?.containers[0]?.resources).toEqual(resources);
});

test.concurrent("recreate waits for a PodDisruptionBudget, then changes the template once, by its own field manager", async () => {
  const { client, namespace } = own;
  await deploy("guarded", { spec: { replicas: 2 } });
  await client("poddisruptionbudgets.policy").create({
    metadata: { namespace, name: "all-of-them" },
    spec: { minAvailable: 2, selector: { matchLabels: { app: "guarded" } } },
  });
  await createPolicy(own, "guarded", { ...policyOf("guarded"), mode: "recreate", limits: "remove" });
  const held = await untilPolicy(own, "guarded", (policy) => saysOf(policy, "Applying").includes("all-of-them"));
  expect(saysOf(held, "Applying")).toBe(
    "False/Hindered: Deployment/guarded: the PodDisruptionBudget all-of-them (minAvailable: 2) allows no pod to be missing now",
  );
  expect(held.status?.changes).toBeUndefined();
  await client("poddisruptionbudgets.policy").delete({ namespace, name: "all-of-them" });
  await untilPods("guarded", (pods) => pods.length === 2 && pods.every(isLess));
  const { spec, metadata } = await client("deployments.apps").get({ namespace, name: "guarded" });
  expect(spec?.template.spec?.containers[0]?.resources?.limits).toBeUndefined();
  expect(metadata.managedFields?.map(({ manager }) => manager)).toContain("plimsoll-resizing");
  expect(metadata.generation).toBe(2);
});

test.concurrent("a roll-out that fails by it is taken back", async () => {
  // What is ready only as long as its limit is what it was.
  const exec = { command: ["sh", "-c", hasLimit] };
  await deploy("failing", { container: { readinessProbe: { exec, periodSeconds: 1 } }, spec: { progressDeadlineSeconds: 15 } });
  await createPolicy(own, "failing", { ...policyOf("failing"), mode: "recreate" });
  const policy = await untilPolicy(own, "failing", (policy) => saysOf(policy, "Applying").startsWith("False/TakenBack"), 240);
  expect(saysOf(policy, "Applying")).toContain("the roll-out failed");
  await vi.waitFor(
    async () => {
      const { spec } = await own.client("deployments.apps").get({ namespace: own.namespace, name: "failing" });
      expect(spec?.template.spec?.containers[0]?.resources).toEqual(resources);
    },
    { timeout: 120_000, interval: 500 },
  );
});

test.concurrent("a raise whose roll-out fails, made while what crashed is held, is taken back as well, and not made again", async () => {
  const exec = { command: ["sh", "-c", hasNoMore] };
  await deploy("squeezed", {
    command: ["sh", "-c", crashesWhenLowered],
    container: { readinessProbe: { exec, periodSeconds: 1 } },
    spec: { progressDeadlineSeconds: 30 },
  });
  const read = () => own.client("deployments.apps").get({ namespace: own.namespace, name: "squeezed" });
  const asBefore = ({ spec, status }: Deployment): void => {
    expect(spec?.template.spec?.containers[0]?.resources).toEqual(resources);
    expect(status).toMatchObject({ replicas: 1, updatedReplicas: 1, availableReplicas: 1 });
  };
  await createPolicy(own, "squeezed", { ...policyOf("squeezed"), mode: "recreate" });
  const crashed = await untilPolicy(own, "squeezed", (policy) => saysOf(policy, "Applying").startsWith("False/TakenBack"), 240);
  expect(saysOf(crashed, "Applying")).toContain("ended with exit code 3");
  await vi.waitFor(async () => asBefore(await read()), { timeout: 120_000, interval: 500 });
  const bounds = { memory: { min: "512Mi" } };
  await own.client("rightsizingpolicies.plimsoll.dev").patch({ namespace: own.namespace, name: "squeezed" }, { spec: { bounds } });
  await untilPolicy(own, "squeezed", ({ status }) => status?.changes?.[0]?.raise?.to.requests?.memory === "512Mi", 240);
  const failed = await untilPolicy(own, "squeezed", (policy) => saysOf(policy, "Applying").includes("the roll-out failed"), 240);
  expect(failed.status?.changes).toMatchObject([
    { from: { requests: { memory: "128Mi" } }, to: { requests: { memory: "512Mi" } }, whole: true },
  ]);
  await vi.waitFor(async () => asBefore(await read()), { timeout: 120_000, interval: 500 });
  const { metadata } = await read();
  const [{ samples = 0 } = {}] = failed.status?.recommendations ?? [];
  await untilPolicy(own, "squeezed", ({ status }) => (status?.recommendations?.[0]?.samples ?? 0) > samples, 240);
  // Lowered, set back, raised, set back; and no more.
  expect([metadata.generation, (await read()).metadata.generation]).toEqual([5, 5]);
});

test.concurrent("on-restart leaves what runs, and changes what starts", async () => {
  await deploy("young");
  const [before] = await untilPods("young", (pods) => pods.length === 1 && pods[0]?.status?.phase === "Running");
  await createPolicy(own, "young", policyOf("young"));
  await untilPolicy(own, "young", ({ status }) => status?.progress === "1/1" && (status.recommendations?.[0]?.samples ?? 0) > 0, 240);
  // As pods that are some minutes old.
  const patch = { mode: "on-restart" as const };
  await own.client("pods").delete({ namespace: own.namespace, name: before?.metadata?.name ?? "" });
  await own.client("rightsizingpolicies.plimsoll.dev").patch({ namespace: own.namespace, name: "young" }, { spec: patch });
  const after = await untilPods("young", (pods) => pods.length === 1 && pods.every(isLess));
  expect(after[0]?.metadata?.uid).not.toBe(before?.metadata?.uid);
  const deployment: Deployment = await own.client("deployments.apps").get({ namespace: own.namespace, name: "young" });
  expect(deployment.metadata?.generation).toBe(1);
});

test.concurrent("windows: nothing changes outside them, and one that can't be read is told by its field", async () => {
  await deploy("timed");
  const policy = { ...policyOf("timed"), mode: "in-place" as const };
  const [year] = new Date().toISOString().split("-");
  await createPolicy(own, "timed", { ...policy, windows: [{ cron: "0 3 29 2 *", duration: "1h", timeZone: "Europe/Zurich" }] });
  const closed = await untilPolicy(own, "timed", (policy) => saysOf(policy, "Applying").includes("windows are closed until"));
  expect(saysOf(closed, "Applying")).toMatch(/closed until \d{4}-02-29T02:00Z$/);
  expect(Number(year)).toBeGreaterThan(2025);
  expect((await podsOf("timed")).filter(isLess)).toEqual([]);
  const { client, namespace } = own;
  const patch = (windows: object[]) =>
    client("rightsizingpolicies.plimsoll.dev").patch({ namespace, name: "timed" }, { spec: { windows } });
  await patch([{ cron: "0 3 * *", duration: "1h" }]);
  await untilPolicy(own, "timed", (policy) => saysOf(policy, "Applying").startsWith("False/Invalid: spec.windows[0].cron"));
  // Also of one that isn't to be applied yet.
  await createPolicy(own, "untimed", { selector: { matchLabels: { app: "untimed" } }, windows: [{ cron: "bad", duration: "1h" }] });
  await untilPolicy(own, "untimed", (policy) => saysOf(policy, "Applying").startsWith("False/Invalid: spec.windows[0].cron"));
  await patch([{ cron: "* * * * *", duration: "2m" }]);
  await untilPods("timed", (pods) => pods.every(isLess));
});

test.concurrent("a CronJob's template is changed for its next pods", async () => {
  const { client, namespace } = own;
  const pod = idlePod(namespace, "nightly").spec;
  const command = ["sleep", "100000"];
  const container = { ...pod?.containers[0], name: "app", imagePullPolicy: "IfNotPresent", command, resources };
  const template = {
    metadata: { labels: { app: "nightly" } },
    spec: { ...pod, nodeSelector: {}, terminationGracePeriodSeconds: 0, restartPolicy: "Never", containers: [container] },
  };
  await client("cronjobs.batch").create({
    metadata: { namespace, name: "nightly" },
    spec: { schedule: "0 3 1 1 *", jobTemplate: { spec: { template } } },
  } as never);
  await kubectlOf(cluster.kubeconfig)("create", "job", "--from=cronjob/nightly", "nightly-1", "-n", namespace);
  await createPolicy(own, "nightly", { ...policyOf("nightly"), mode: "on-restart" });
  await untilPolicy(own, "nightly", (policy) => (policy.status?.changes ?? []).length === 1, 240);
  await vi.waitFor(
    async () => {
      const { spec } = await client("cronjobs.batch").get({ namespace, name: "nightly" });
      expect(milliOf(spec?.jobTemplate.spec?.template.spec?.containers[0]?.resources?.requests?.["cpu"] ?? 0)).toBeLessThan(100);
    },
    { timeout: 120_000, interval: 500 },
  );
});

test.concurrent("Jobs of one generateName are sized together: by those that have ended, the next one's pod asks for less", async () => {
  const { client, namespace } = own;
  const idle = idlePod(namespace, "job").spec;
  const container = { ...idle?.containers[0], name: "app", imagePullPolicy: "IfNotPresent", resources };
  const create = async (seconds: number) => {
    const spec = {
      ...idle,
      nodeSelector: {},
      terminationGracePeriodSeconds: 0,
      restartPolicy: "Never",
      containers: [{ ...container, command: ["sleep", `${seconds}`] }],
    };
    const { metadata } = await client("jobs.batch").create({
      metadata: { namespace, generateName: "batch-" },
      spec: { template: { metadata: { labels: { app: "batch" } }, spec } },
    } as never);
    return metadata.name;
  };
  await createPolicy(own, "batch", { ...policyOf("batch"), mode: "on-restart" });
  await Promise.all([create(35), create(35)]);
  const tries = ({ status }: RightSizingPolicy): number => {
    const [checkpoint] = status?.checkpoints ?? [];
    if (checkpoint?.key !== "batch/Job/batch-*//app") return 0;
    return (JSON.parse(checkpoint.state) as { tries: { over: unknown[] } }).tries.over.length;
  };
  const policy = await untilPolicy(own, "batch", (policy) => tries(policy) === 2, 240);
  expect(policy.status?.recommendations).toMatchObject([{ kind: "Job", name: "batch-*", confidence: 10, pods: 0 }]);
  const next = await create(600);
  const [pod] = await untilPods("batch", (pods) => pods.some((pod) => ownedBy(pod, next) && isLess(pod)));
  expect(pod).toBeDefined();
});

test.concurrent(
  "a Job's pod that is killed for want of memory is followed by one that gets more, also of a Job of a CronJob's",
  async () => {
    const { client, namespace } = own;
    const idle = idlePod(namespace, "etl").spec;
    const little = { requests: { memory: "32Mi" }, limits: { memory: "64Mi" } };
    // What has more some seconds after its start goes on, and is killed else.
    const needsMore = `sleep 5; if ${hasLimit.replace("268435456", "100000000")}; then sleep 100000; fi; tail /dev/zero`;
    const template = (app: string) => ({
      metadata: { labels: { app } },
      spec: {
        ...idle,
        nodeSelector: {},
        terminationGracePeriodSeconds: 0,
        restartPolicy: "Never",
        containers: [
          { ...idle?.containers[0], name: "app", imagePullPolicy: "IfNotPresent", command: ["sh", "-c", needsMore], resources: little },
        ],
      },
    });
    // As usual, so that nothing else would be applied by now.
    for (const app of ["etl", "hourly"]) await createPolicy(own, app, { selector: { matchLabels: { app } }, mode: "on-restart" });
    await client("jobs.batch").create({ metadata: { namespace, name: "etl" }, spec: { template: template("etl") } } as never);
    await client("cronjobs.batch").create({
      metadata: { namespace, name: "hourly" },
      spec: { schedule: "0 3 1 1 *", jobTemplate: { spec: { template: template("hourly") } } },
    } as never);
    await kubectlOf(cluster.kubeconfig)("create", "job", "--from=cronjob/hourly", "hourly-1", "-n", namespace);
    for (const app of ["etl", "hourly"]) {
      const isEnough = (pod: Pod): boolean => pod.status?.phase === "Running" && asked(pod).limit > 100_000_000;
      // One that was killed counts as running until its kubelet has cleared up.
      const pods = await untilPods(app, (pods) => pods.some(isEnough) && pods.some(({ status }) => status?.phase === "Failed"));
      expect(pods.filter(isEnough)).toHaveLength(1);
    }
  },
);

test("what crashes by it is as before, at once, and is left so, also after a restart of the controller", async () => {
  await deploy("touchy", { spec: { replicas: 2 }, command: ["sh", "-c", crashesWhenLowered] });
  await untilPods("touchy", (pods) => pods.length === 2 && pods.every(({ status }) => status?.phase === "Running"));
  await createPolicy(own, "touchy", { ...policyOf("touchy"), mode: "in-place" });
  const policy = await untilPolicy(own, "touchy", (policy) => saysOf(policy, "Applying").startsWith("False/TakenBack"), 240);
  expect(saysOf(policy, "Applying")).toMatch(/in pod touchy-\S+, it ended with exit code 3/);
  await untilPods("touchy", (pods) => pods.every((pod) => !isLess(pod) && asked(pod).limit === 256 * 1024 ** 2));
  await controller.stop();
  controller = await start();
  await untilPolicy(
    own,
    "touchy",
    ({ status }) => (status?.recommendations?.[0]?.samples ?? 0) > (policy.status?.recommendations?.[0]?.samples ?? 0),
    240,
  );
  expect((await podsOf("touchy")).filter(isLess)).toEqual([]);
});
