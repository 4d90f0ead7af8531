import { up, type Cluster } from "@plimsoll/cluster";
import { Host } from "@plimsoll/controller";
import { pipelinesWith } from "@plimsoll/features/pipelines";
import { systemClock, Transport } from "@plimsoll/kube";
import { UseMeter } from "@plimsoll/model/sizing";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { takeovers } from "../bench/runtime/takeovers.ts";
import { prepare, startController } from "../scripts/local-controller.ts";
import { place } from "./support/cluster.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await up({ name: `leaders-${process.pid}`, kubelet: false, simulatedNodes: 10, audit: true });
});
afterAll(() => cluster.down());

test("however often the leader is killed or stopped in the middle of runs, none is lost, and no pod is created twice", async () => {
  const { runs, lost, twice } = await takeovers(cluster, 6, 10);
  expect(runs).toBe(60);
  expect({ lost, twice }).toEqual({ lost: [], twice: [] });
}, 600_000);

test("a follower ends when it is told to, and leaves the lease to its holder, who gives it up at the end", async () => {
  const kubeconfig = await prepare(cluster);
  const start = () => startController({ kubeconfig, folder: cluster.folder });
  const { client } = await place(cluster.kubeconfig);
  const holders = async (): Promise<unknown[]> => {
    const leases = await Array.fromAsync(client("leases.coordination.k8s.io").list({ namespace: "plimsoll-system" }));
    return leases.map(({ spec }) => spec?.holderIdentity);
  };
  const leader = await start();
  await expect.poll(() => readFileSync(leader.log, "utf8"), { timeout: 120_000 }).toContain('"leads"');
  const follower = await start();
  const held = await holders();
  expect(held).toEqual([expect.stringMatching(/./)]);
  await follower.stop();
  expect(await holders()).toEqual(held);
  expect(readFileSync(follower.log, "utf8")).toMatch(/"msg":"ended"\}\n$/);
  expect(readFileSync(follower.log, "utf8")).not.toContain('"leads"');
  await leader.stop();
  // The next one need not wait until it runs out.
  expect(await holders()).toEqual([""]);
});

test("what a status lacks is written when the program ends", async () => {
  const { client, namespace, start } = await place(cluster.kubeconfig);
  const transport = Transport.fromKubeconfig(cluster.kubeconfig);
  // The second write of a status that nothing waits for comes a second after the first: by this clock, never.
  const now = Date.now();
  const host = new Host({ sender: transport, namespaces: { chosen: [namespace] }, clock: { ...systemClock, now: () => now } });
  const end = new AbortController();
  const pipelines = pipelinesWith(new UseMeter());
  const running = host.run([{ feature: pipelines, config: pipelines.config.parse({}) }], end.signal);
  await host.synced();
  await start({ pod: { nodeSelector: { none: "such" } }, steps: [{ name: "a", image: "busybox", command: ["true"] }] }, { name: "run" });
  const message = async () => (await client("pipelineruns.plimsoll.dev").get({ namespace, name: "run" })).status?.steps?.["a"]?.message;
  await vi.waitFor(
    async () => {
      const { status } = await client("pods").get({ namespace, name: "run--a--1" });
      expect(status?.conditions).toMatchObject([{ type: "PodScheduled", status: "False" }]);
    },
    { timeout: 120_000, interval: 100 },
  );
  await sleep(2_000);
  expect(await message()).toBeUndefined();
  end.abort();
  await running;
  expect(await message()).toMatch(/nodes are available/);
  await transport.close();
});
