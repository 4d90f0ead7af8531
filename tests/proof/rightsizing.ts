import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { idlePod } from "../support/cluster.ts";
import { adviceOf, createPolicy, saysOf, untilPolicy } from "../support/sizing.ts";
import { writeSample } from "../support/usage.ts";
import { until } from "./schedules.ts";
import type { Scenario, Stage } from "./scenario.ts";

const watched = ["rightsizingpolicies.plimsoll.dev", "pods", "replicasets.apps", "jobs.batch", "pipelineruns.plimsoll.dev"];
const holding = ["horizontalpodautoscalers.autoscaling", "verticalpodautoscalers.autoscaling.k8s.io"];
const often = { interval: "1s" };

/** A pod of a Deployment, of a CronJob and of a pipeline's run each, none of which runs. */
async function workloads({ client, namespace, start, seconds }: Stage): Promise<string[]> {
  const { spec = { containers: [] } } = idlePod("", "");
  const labels = { app: "web" };
  const template = { metadata: { labels }, spec };
  await client("deployments.apps").create({
    metadata: { namespace, name: "web" },
    spec: { replicas: 1, selector: { matchLabels: labels }, template },
  });
  const jobTemplate = { spec: { template: { spec: { ...spec, restartPolicy: "Never" } } } } as never;
  const { metadata: cron } = await client("cronjobs.batch").create({
    metadata: { namespace, name: "nightly" },
    spec: { schedule: "0 3 1 1 *", suspend: true, jobTemplate },
  });
  const owner = { apiVersion: "batch/v1", kind: "CronJob", name: cron.name, uid: cron.uid, controller: true };
  await client("jobs.batch").create({
    metadata: { namespace, name: "nightly-1", ownerReferences: [owner] },
    ...(jobTemplate as { spec: object }),
  } as never);
  const run = await start(undefined, { name: "etl-1", pipelineRef: { name: "etl" } });
  const { uid = "" } = run.metadata;
  const ofRun = { apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", name: "etl-1", uid, controller: true };
  const pod = idlePod(namespace, "etl-1-load");
  await client("pods").create({ ...pod, metadata: { ...pod.metadata, labels: { "plimsoll.dev/step": "load" }, ownerReferences: [ofRun] } });
  return until(seconds, async () => {
    const pods: Pod[] = await Array.fromAsync(client("pods").list({ namespace }));
    return pods.length === 3 && pods.map(({ metadata }) => metadata?.name ?? "");
  });
}

async function recommends(stage: Stage): Promise<void> {
  const { kubeconfig, namespace, begin, expecting, seconds } = stage;
  await createPolicy(stage, "all");
  const pods = await workloads(stage);
  await expecting("the caches are filled", begin(often));
  for (const title of ["Deployment/web x", "CronJob/nightly x", "Pipeline/etl/load x"])
    await expecting(
      `the policy says of ${title} that its use was never seen`,
      untilPolicy(stage, "all", (policy) => adviceOf(policy, title)?.reason === "NoSamples", seconds),
    );
  for (const pod of pods) {
    const containers = [{ name: "x", usage: { cpu: "120m", memory: "200Mi" } }];
    await writeSample(kubeconfig, { namespace, pod, containers });
  }
  await expecting(
    "every container has a recommendation",
    untilPolicy(stage, "all", ({ status }) => status?.progress === "3/3", seconds),
  );
}

/** Somebody else's autoscalers of a workload. */
async function autoscalers({ client, namespace }: Stage): Promise<void> {
  const web = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  const resource = { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } };
  await client("horizontalpodautoscalers.autoscaling").create({
    metadata: { namespace, name: "web" },
    spec: { scaleTargetRef: web, maxReplicas: 2, metrics: [{ type: "Resource", resource }] },
  });
  await client("verticalpodautoscalers.autoscaling.k8s.io").create({ metadata: { namespace, name: "mine" }, spec: { targetRef: web } });
}

async function untilHeld(stage: Stage): Promise<void> {
  for (const kind of ["HorizontalPodAutoscaler", "VerticalPodAutoscaler"])
    await stage.expecting(
      `the policy says that a ${kind} holds what is asked for`,
      untilPolicy(
        stage,
        "all",
        (policy) => adviceOf(policy, "Deployment/web x")?.heldBy?.some((one) => one.kind === kind) ?? false,
        stage.seconds,
      ),
    );
}

/** All that right-sizing needs the API for. */
export const scenarios: readonly Scenario[] = [
  {
    name: "recommended",
    shows: "what containers use is seen, and their policy says what they should ask for",
    proves: [
      ...watched.map((resource) => `watch ${resource}`),
      "list pods.metrics.k8s.io",
      "patch rightsizingpolicies.plimsoll.dev/status",
    ],
    play: recommends,
  },
  {
    name: "held",
    shows: "of a workload whose requests an autoscaler goes by, or changes, the policy says so",
    proves: holding.map((resource) => `watch ${resource}`),
    async play(stage) {
      await createPolicy(stage, "all");
      await workloads(stage);
      await stage.expecting("the caches are filled", stage.begin(often));
      await autoscalers(stage);
      await untilHeld(stage);
    },
  },
  {
    name: "older-recommended",
    shows: "where the API server streams no first lists, everything is listed instead",
    proves: [...watched, ...holding].map((resource) => `list ${resource}`),
    isOlder: true,
    async play(stage) {
      await createPolicy(stage, "all");
      await workloads(stage);
      await autoscalers(stage);
      await stage.expecting("the caches are filled", stage.begin(often));
      await untilHeld(stage);
      await stage.expecting(
        "the policy has looked at its pods",
        untilPolicy(stage, "all", (policy) => saysOf(policy, "Recommending").startsWith("False/Learning"), stage.seconds),
      );
    },
  },
];
