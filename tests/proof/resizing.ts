import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { recommended, saysOf, sizedSpec, untilPolicy } from "../support/sizing.ts";
import { until } from "./schedules.ts";
import type { Scenario, Stage } from "./scenario.ts";

const watched = [
  "rightsizingpolicies.plimsoll.dev",
  "pods",
  "replicasets.apps",
  "jobs.batch",
  "pipelineruns.plimsoll.dev",
  "deployments.apps",
  "statefulsets.apps",
  "daemonsets.apps",
  "cronjobs.batch",
  "poddisruptionbudgets.policy",
];
const often = { settle: "1s" };
/** Pods of a Deployment, of a Job, and of a pipeline's run. */
async function pods(stage: Stage): Promise<string[]> {
  const { client, namespace, start, seconds } = stage;
  const labels = { app: "web" };
  const template = { metadata: { labels }, spec: sizedSpec() };
  await client("deployments.apps").create({
    metadata: { namespace, name: "web" },
    spec: { replicas: 1, selector: { matchLabels: labels }, template },
  });
  await client("jobs.batch").create({
    metadata: { namespace, name: "once" },
    spec: { template: { spec: { ...sizedSpec(), restartPolicy: "Never" } } },
  });
  const run = await start(undefined, { name: "etl-1", pipelineRef: { name: "etl" } });
  const { uid = "" } = run.metadata;
  const owner = { apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", name: "etl-1", uid, controller: true };
  const metadata = { namespace, name: "etl-1-load", labels: { "plimsoll.dev/step": "load" }, ownerReferences: [owner] };
  await client("pods").create({ metadata, spec: sizedSpec() });
  return until(seconds, async () => {
    const found: Pod[] = await Array.fromAsync(client("pods").list({ namespace }));
    return found.length === 3 && found.map(({ metadata }) => metadata?.name ?? "");
  });
}

async function resized(stage: Stage): Promise<void> {
  const { client, namespace, begin, expecting, seconds } = stage;
  const names = await pods(stage);
  await recommended(stage, "in-place", [
    { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    { apiVersion: "batch/v1", kind: "Job", name: "once" },
    { apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", name: "etl", step: "load" },
  ]);
  await expecting("the caches are filled", begin(often));
  for (const name of names)
    await expecting(
      `the pod ${name.replace(/^web-.*/, "of the Deployment")} asks for less`,
      until(
        seconds,
        async () => (await client("pods").get({ namespace, name })).spec?.containers[0]?.resources?.requests?.["cpu"] === "100m",
      ),
    );
}

async function recreated(stage: Stage): Promise<void> {
  const { client, namespace, begin, expecting, seconds } = stage;
  const labels = { app: "x" };
  const template = { metadata: { labels }, spec: sizedSpec() };
  const selector = { matchLabels: labels };
  await client("deployments.apps").create({ metadata: { namespace, name: "d" }, spec: { replicas: 0, selector, template } });
  await client("statefulsets.apps").create({
    metadata: { namespace, name: "s" },
    spec: { replicas: 0, selector, template, serviceName: "s" },
  });
  await client("daemonsets.apps").create({ metadata: { namespace, name: "e" }, spec: { selector, template } });
  const jobTemplate = { spec: { template: { ...template, spec: { ...template.spec, restartPolicy: "Never" } } } } as never;
  await client("cronjobs.batch").create({
    metadata: { namespace, name: "c" },
    spec: { schedule: "0 3 1 1 *", suspend: true, jobTemplate },
  });
  await recommended(stage, "recreate", [
    { apiVersion: "apps/v1", kind: "Deployment", name: "d" },
    { apiVersion: "apps/v1", kind: "StatefulSet", name: "s" },
    { apiVersion: "apps/v1", kind: "DaemonSet", name: "e" },
    { apiVersion: "batch/v1", kind: "CronJob", name: "c" },
  ]);
  await expecting("the caches are filled", begin(often));
  const ref = (name: string) => ({ namespace, name });
  const asks = (spec: Pod["spec"]): boolean => spec?.containers[0]?.resources?.requests?.["cpu"] === "100m";
  for (const [what, look] of Object.entries({
    Deployment: async () => asks((await client("deployments.apps").get(ref("d"))).spec?.template.spec),
    StatefulSet: async () => asks((await client("statefulsets.apps").get(ref("s"))).spec?.template.spec),
    DaemonSet: async () => asks((await client("daemonsets.apps").get(ref("e"))).spec?.template.spec),
    CronJob: async () => asks((await client("cronjobs.batch").get(ref("c"))).spec?.jobTemplate.spec?.template.spec),
  }))
    await expecting(`the ${what}'s template asks for less`, until(seconds, look));
}

/** All that the resizing needs the API for. */
export const scenarios: readonly Scenario[] = [
  {
    name: "resized",
    shows: "pods ask for what is recommended, and their policy says that they do",
    proves: [
      ...["rightsizingpolicies.plimsoll.dev", "pods", "replicasets.apps", "jobs.batch", "pipelineruns.plimsoll.dev"].map(
        (resource) => `watch ${resource}`,
      ),
      "patch pods/resize",
      "patch rightsizingpolicies.plimsoll.dev/status",
    ],
    play: resized,
  },
  {
    name: "recreated",
    shows: "templates ask for what is recommended",
    proves: [
      ...["deployments.apps", "statefulsets.apps", "daemonsets.apps", "cronjobs.batch", "poddisruptionbudgets.policy"].map(
        (resource) => `watch ${resource}`,
      ),
      ...["deployments.apps", "statefulsets.apps", "daemonsets.apps", "cronjobs.batch"].map((resource) => `patch ${resource}`),
    ],
    play: recreated,
  },
  {
    name: "older-resized",
    shows: "where the API server streams no first lists, everything is listed instead",
    proves: watched.map((resource) => `list ${resource}`),
    isOlder: true,
    async play(stage) {
      await recommended(stage, "in-place", []);
      await stage.expecting("the caches are filled", stage.begin(often));
      await stage.expecting(
        "the policy is applied",
        untilPolicy(stage, "all", (policy) => saysOf(policy, "Applying").startsWith("True/Applied"), stage.seconds),
      );
    },
  },
];
