import { up, type Cluster } from "@plimsoll/cluster";
import { afterAll, beforeAll, expect, test } from "vitest";
import { only, prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { place } from "./support/cluster.ts";
import { drainSite, podSpec, until, type DrainSite } from "./support/drain-site.ts";

let cluster: Cluster;
let controller: LocalController;
const sites: DrainSite[] = [];

beforeAll(async () => {
  cluster = await up({ name: `drain-jobs-${process.pid}`, kubelet: false });
  const kubeconfig = await prepare(cluster, { features: ["draining"] });
  controller = await startController({ kubeconfig, folder: cluster.folder, config: { features: only({ draining: {} }) } });
});
afterAll(async () => {
  for (const site of sites) await site.close();
  await controller.stop();
  await cluster.down();
});

/** A node with a pod of a Job that goes on until its time limit, in seconds. */
async function siteOfJob(activeDeadlineSeconds?: number): Promise<{ site: DrainSite; node: string }> {
  const { namespace } = await place(cluster.kubeconfig);
  const site = drainSite(cluster.kubeconfig, namespace);
  sites.push(site);
  const [node = ""] = await site.addNodes(1);
  const template = {
    metadata: { annotations: { "simulated.plimsoll.dev/outcome": "run" } },
    spec: { ...podSpec(site.pool), restartPolicy: "Never" },
  };
  const spec = { template, ...(activeDeadlineSeconds !== undefined && { activeDeadlineSeconds }) };
  await site.client("jobs.batch").create({ metadata: { namespace, name: "job" }, spec });
  await until("its pod runs", async () => (await site.client("jobs.batch").get({ namespace, name: "job" })).status?.ready === 1);
  return { site, node };
}

test("a Job's time limit is known before its node is cordoned, and so that its pod would find no other", async () => {
  const { site, node } = await siteOfJob(3_600);
  await site.drain(site.pool, { nodes: [node], waitForJobs: "1m" });
  const { status } = await site.until(site.pool, ({ status }) => status?.nodes?.[0]?.blockers !== undefined);
  expect(status?.nodes?.[0]?.blockers).toMatchObject([{ reason: "NoNode" }]);
  expect(await site.isCordoned(node)).toBe(false);
});

test("the time that a Job is given isn't its node's, and it isn't deleted before that is over", async () => {
  const { site, node } = await siteOfJob();
  await site.deploy("held", 1);
  await site.budget("held", { maxUnavailable: 0 });
  await site.addNodes(1);
  await site.drain(site.pool, { nodes: [node], timeout: "2s", onTimeout: "delete", waitForJobs: "15s" });
  const { status } = await site.ended(site.pool);
  const [drained] = status?.nodes ?? [];
  expect([status?.phase, drained?.timedOut]).toEqual(["Succeeded", true]);
  expect(Date.parse(drained?.startedAt ?? "") - Date.parse(status?.startedAt ?? "")).toBeGreaterThanOrEqual(15_000);
});
