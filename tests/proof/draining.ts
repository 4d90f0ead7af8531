import { drainSite, podSpec, until, type DrainSite } from "../support/drain-site.ts";
import type { Scenario, Stage } from "./scenario.ts";

/** Plays on nodes of the scenario's own. */
const on =
  (count: number, play: (site: DrainSite, stage: Stage) => Promise<void>): Scenario["play"] =>
  async (stage) => {
    const site = drainSite(stage.kubeconfig, stage.namespace);
    try {
      await site.addNodes(count);
      await play(site, stage);
    } finally {
      await site.close();
    }
  };

/** All that the draining feature needs the API for. */
export const scenarios: readonly Scenario[] = [
  {
    name: "unknown-node",
    shows: "a Drain of a node that there isn't says so, and fails",
    proves: [
      "watch drains.plimsoll.dev",
      "patch drains.plimsoll.dev/status",
      "watch nodes",
      "watch pods",
      "watch poddisruptionbudgets.policy",
      "watch persistentvolumeclaims",
      "watch persistentvolumes",
    ],
    play: on(0, unknown),
  },
  {
    name: "unknown-node-older-server",
    shows: "where the API server streams no first lists, everything is listed instead",
    proves: [
      "list drains.plimsoll.dev",
      "list nodes",
      "list pods",
      "list poddisruptionbudgets.policy",
      "list persistentvolumeclaims",
      "list persistentvolumes",
    ],
    isOlder: true,
    play: on(0, unknown),
  },
  {
    name: "drained-node",
    shows: "the pods of a node are evicted, as their budget lets them; once the Drain is deleted the node is uncordoned",
    proves: ["patch drains.plimsoll.dev", "patch nodes", "create pods/eviction"],
    play: on(2, drained),
  },
  {
    name: "deleted-in-time",
    shows: "a pod that its budget never lets go is deleted when the node has taken too long, where the Drain says so",
    proves: ["delete pods"],
    play: on(2, async (site, { begin, expecting, seconds }) => {
      await site.deploy("held", 2);
      const node = await site.nodeOf("held");
      await site.budget("held", { maxUnavailable: 0 });
      await expecting("the caches are filled", begin());
      const name = `${site.pool}-late`;
      await site.drain(name, { nodes: [node], timeout: "2s", onTimeout: "delete" });
      await expecting(
        "the node is drained",
        site.until(name, ({ status }) => status?.phase === "Succeeded", seconds),
      );
    }),
  },
  {
    name: "job-with-limit",
    shows: "a Job that its time limit doesn't end in the time that Jobs are given is moved at once",
    proves: ["get jobs.batch"],
    play: on(2, async (site, { begin, expecting, seconds, namespace }) => {
      const metadata = { annotations: { "simulated.plimsoll.dev/outcome": "run" } };
      const template = { metadata, spec: podSpec(site.pool, { restartPolicy: "Never" }) };
      await site.client("jobs.batch").create({ metadata: { namespace, name: "long" }, spec: { activeDeadlineSeconds: 86_400, template } });
      await until("the Job's pod runs", async () => (await site.client("jobs.batch").get({ namespace, name: "long" })).status?.ready === 1);
      await expecting("the caches are filled", begin());
      const name = `${site.pool}-jobs`;
      await site.drain(name, {
        selector: { matchLabels: { pool: site.pool, "kubernetes.io/hostname": await nodeOfJob(site) } },
        waitForJobs: "1h",
      });
      await expecting(
        "the node is drained",
        site.until(name, ({ status }) => status?.phase === "Succeeded", seconds),
      );
    }),
  },
  {
    name: "surged-deployment",
    shows: "a Deployment has one more replica until its only pod has moved, and then its scale again",
    proves: [
      "get replicasets.apps",
      "list horizontalpodautoscalers.autoscaling",
      "get deployments.apps/scale",
      "patch deployments.apps/scale",
    ],
    play: on(2, async (site, { begin, expecting, seconds }) => {
      await site.deploy("single", 1);
      const node = await site.nodeOf("single");
      await expecting("the caches are filled", begin());
      const name = `${site.pool}-surge`;
      await site.drain(name, { nodes: [node], surge: true });
      await expecting(
        "the Deployment has one more replica",
        until("it has two", async () => (await site.replicasOf("single")) === 2, seconds),
      );
      await expecting(
        "the node is drained",
        site.until(name, ({ status }) => status?.phase === "Succeeded", seconds),
      );
      await expecting(
        "the Deployment has its scale again",
        until("it has one", async () => (await site.replicasOf("single")) === 1, seconds),
      );
    }),
  },
];

async function unknown(site: DrainSite, { begin, expecting, seconds }: Stage): Promise<void> {
  await expecting("the caches are filled", begin());
  const name = `${site.pool}-unknown`;
  await site.drain(name, { nodes: [`${site.pool}-nowhere`] });
  await expecting(
    "the Drain fails",
    site.until(name, ({ status }) => status?.phase === "Failed" && /there is no node/.test(status.message ?? ""), seconds),
  );
  await site.client("drains.plimsoll.dev").delete({ name });
}

async function drained(site: DrainSite, { begin, expecting, seconds }: Stage): Promise<void> {
  await site.deploy("web", 4);
  const node = await site.nodeOf("web");
  await site.budget("web", { maxUnavailable: 1 });
  await expecting("the caches are filled", begin());
  const name = `${site.pool}-plain`;
  await site.drain(name, { nodes: [node] });
  await expecting(
    "the node is drained",
    site.until(name, ({ status }) => status?.phase === "Succeeded", seconds),
  );
  await expecting(
    "its pods are elsewhere",
    until("none is left", async () => ![...(await site.podsOf("web")).values()].includes(node), seconds),
  );
  await expecting("the Drain is gone once it is deleted", site.undo(name, seconds));
  await expecting(
    "the node is uncordoned",
    until("it is", async () => !(await site.isCordoned(node)), seconds),
  );
}

async function nodeOfJob({ client, namespace }: DrainSite): Promise<string> {
  const [pod] = await Array.fromAsync(client("pods").list({ namespace, labelSelector: "batch.kubernetes.io/job-name=long" }));
  return pod?.spec?.nodeName ?? "";
}
