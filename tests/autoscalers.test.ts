import { vpaFile } from "@plimsoll/cluster";
import { milliOf, valueOf } from "@plimsoll/model";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { providedIn, untilAutoscalers } from "./support/autoscalers.ts";
import { idlePod, simulated, type Place } from "./support/cluster.ts";
import { kubectlOf } from "./support/kubectl.ts";
import { ownCluster, type OwnCluster } from "./support/own-cluster.ts";
import { adviceOf, createPolicy, untilPolicy } from "./support/sizing.ts";
import { writeSample } from "./support/usage.ts";
import { startVpaPrograms } from "./support/vpa-programs.ts";

let site: OwnCluster;
beforeAll(async () => {
  site = await ownCluster("autoscaled", { rightsizing: { interval: "1s", checkpointInterval: "1s" }, vpa: {} });
});
afterAll(() => site?.close());

const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } };

/** A Deployment of two simulated pods that ask for far more than they will be said to use. */
async function deploy({ client, namespace }: Place, name: string): Promise<void> {
  const { spec } = idlePod(namespace, name);
  const labels = { app: name };
  const containers = (spec?.containers ?? []).map((container) => ({ ...container, name: "app", resources }));
  const annotations = { "simulated.plimsoll.dev/outcome": "run" };
  await client("deployments.apps").create({
    metadata: { namespace, name },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: { ...spec, ...simulated, containers } },
    },
  });
}

/** The pods of a Deployment that run. */
async function podsOf({ client, namespace }: Place, name: string): Promise<Pod[]> {
  const pods: Pod[] = await Array.fromAsync(client("pods").list({ namespace, labelSelector: `app=${name}` }));
  return pods.filter(({ metadata, status }) => status?.phase === "Running" && metadata?.deletionTimestamp === undefined);
}

/** Says of a Deployment's pods what they use, and waits until that is known. */
async function use(place: Place, name: string): Promise<void> {
  const { kubeconfig, namespace } = place;
  await expect.poll(async () => (await podsOf(place, name)).length, { timeout: 120_000 }).toBe(2);
  for (const { metadata } of await podsOf(place, name))
    await writeSample(kubeconfig, {
      namespace,
      pod: metadata?.name ?? "",
      containers: [{ name: "app", usage: { cpu: "120m", memory: "200Mi" } }],
    });
  await untilPolicy(place, "all", (policy) => adviceOf(policy, `Deployment/${name} app`)?.target !== undefined);
}

const told = async ({ client, namespace }: Place): Promise<string[]> =>
  (await Array.fromAsync(client("events.events.k8s.io").list({ namespace })))
    .filter(({ regarding }) => regarding?.kind === "RightSizingPolicy")
    .map(({ reason, note = "" }) => `${reason}: ${note}`);

const autoscalers = ({ client }: Place) => client("verticalpodautoscalers.autoscaling.k8s.io");
/** With so little history, it is sure of nothing. */
const unsure = { minConfidence: 0 };

test("without VerticalPodAutoscaler's kinds the policy is told so, and when they are there all goes on by itself", async () => {
  const own = await site.place();
  await deploy(own, "web");
  await createPolicy(own, "all", { ...unsure, verticalPodAutoscalers: {} });
  await use(own, "web");
  await expect
    .poll(() => told(own), { timeout: 120_000 })
    .toContainEqual(expect.stringMatching(/^NotInstalled: the API server knows no VerticalPodAutoscaler: install /));
  await kubectlOf(site.kubeconfig)("apply", "-f", await vpaFile("vpa-v1-crd-gen.yaml"));
  const [made] = await untilAutoscalers(own, ([one]) => one !== undefined && providedIn(one) === "True/Recommended", 240);
  expect(made?.status?.recommendation?.containerRecommendations).toMatchObject([{ containerName: "app" }]);
  expect(made?.spec.updatePolicy?.updateMode).toBe("Initial");
});

test("somebody else's is left alone and told, one that names plimsoll gets the recommendation, and what was made goes with its policy", async () => {
  const own = await site.place();
  const { client, namespace } = own;
  await deploy(own, "web");
  await createPolicy(own, "all", { ...unsure, verticalPodAutoscalers: {}, limits: "remove" });
  await use(own, "web");
  await untilAutoscalers(own, (found) => found.some((one) => providedIn(one) === "True/Recommended"));
  await expect.poll(() => told(own), { timeout: 120_000 }).toContainEqual(expect.stringMatching(/^LimitsStay: .* those of app stay/));

  const spec = { targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, updatePolicy: { updateMode: "Off" } };
  await autoscalers(own).create({ metadata: { namespace, name: "mine" }, spec });
  const [mine] = await untilAutoscalers(own, (found) => found.length === 1);
  expect(mine).toMatchObject({ metadata: { name: "mine" }, spec });
  expect(mine?.status).toBeUndefined();
  await expect
    .poll(() => told(own), { timeout: 120_000 })
    .toContainEqual(expect.stringMatching(/^OtherAutoscaler: Deployment\/web gets no VerticalPodAutoscaler: .* mine of somebody else's/));
  await autoscalers(own).patch({ namespace, name: "mine" }, { spec: { recommenders: [{ name: "plimsoll" }] } });
  await untilAutoscalers(own, (found) => found.length === 1 && found.every((one) => providedIn(one) === "True/Recommended"));

  await autoscalers(own).delete({ namespace, name: "mine" });
  await untilAutoscalers(own, (found) => found.length === 1 && found.every((one) => providedIn(one) === "True/Recommended"));
  await client("rightsizingpolicies.plimsoll.dev").delete({ namespace, name: "all" });
  await untilAutoscalers(own, (found) => found.length === 0);
});

test("what is no news of a recommendation is not written", async () => {
  const own = await site.place();
  const { client, namespace } = own;
  await deploy(own, "web");
  await createPolicy(own, "all", { ...unsure, verticalPodAutoscalers: {} });
  await use(own, "web");
  const [one] = await untilAutoscalers(own, ([one]) => one !== undefined && providedIn(one) === "True/Recommended");
  const mark = await site.audit.mark();
  // It is noticed, and so is what follows, after it.
  await client("rightsizingpolicies.plimsoll.dev").patch({ namespace, name: "all" }, { metadata: { labels: { of: "interest" } } });
  await autoscalers(own).patch({ namespace, name: one?.metadata.name ?? "" }, { metadata: { labels: { of: "interest" } } });
  const spec = { targetRef: { kind: "Deployment", name: "none" }, recommenders: [{ name: "plimsoll" }] };
  await autoscalers(own).create({ metadata: { namespace, name: "last" }, spec });
  await untilAutoscalers(own, (found) => found.some((last) => providedIn(last) === "False/NoPodsMatched"));
  const written: string[] = [];
  for await (const { user, verb, resource, name } of site.audit.since(mark))
    if (user === site.account && verb !== "watch" && resource === "verticalpodautoscalers") written.push(`${verb} ${name}`);
  expect(written).toEqual(["patch last"]);
});

test("VerticalPodAutoscaler's own updater and admission controller apply what is recommended, and evict nothing without a sample", async () => {
  const own = await site.place();
  const { kubeconfig } = site;
  const programs = await startVpaPrograms(kubeconfig);
  try {
    const kubectl = kubectlOf(kubeconfig);
    await expect
      .poll(() => kubectl("get", "mutatingwebhookconfiguration", "vpa-webhook-config").catch(() => ""), { timeout: 120_000 })
      .toContain("vpa-webhook-config");
    await deploy(own, "web");
    await deploy(own, "unseen");
    await createPolicy(own, "all", { ...unsure, verticalPodAutoscalers: { updateMode: "Recreate" } });
    await expect.poll(async () => (await podsOf(own, "unseen")).length, { timeout: 120_000 }).toBe(2);
    const unseen = (await podsOf(own, "unseen")).map(({ metadata }) => metadata?.uid).sort();
    await untilAutoscalers(own, (found) => found.length === 2 && found.every((one) => providedIn(one) === "False/NoSamples"));
    await use(own, "web");
    const applied = (pod: Pod): boolean => pod.metadata?.annotations?.["vpaUpdates"] !== undefined;
    await expect.poll(async () => (await podsOf(own, "web")).filter(applied).length, { timeout: 240_000 }).toBe(2);
    for (const { spec } of await podsOf(own, "web")) {
      const { requests = {}, limits = {} } = spec?.containers[0]?.resources ?? {};
      expect(milliOf(requests["cpu"] ?? 0)).toBeGreaterThanOrEqual(120);
      expect(milliOf(requests["cpu"] ?? 0)).toBeLessThan(300);
      expect(valueOf(requests["memory"] ?? 0)).toBeLessThan(512 * 1024 ** 2);
      // As many times the request as before.
      expect(milliOf(limits["cpu"] ?? 0)).toBe(2 * milliOf(requests["cpu"] ?? 0));
      expect(valueOf(limits["memory"] ?? 0)).toBe(2 * valueOf(requests["memory"] ?? 0));
    }
    // The updater has looked at all in each of its rounds.
    expect((await podsOf(own, "unseen")).map(({ metadata }) => metadata?.uid).sort()).toEqual(unseen);
  } finally {
    await programs.stop();
  }
});
