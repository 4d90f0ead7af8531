import type { RightSizingPolicy } from "@plimsoll/api";
import { up, type Cluster } from "@plimsoll/cluster";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { programOf } from "../scripts/programs.ts";
import { place, type Place } from "./support/cluster.ts";
import { kubectlOf } from "./support/kubectl.ts";
import { recommended, saysOf, sizedSpec, untilPolicy } from "./support/sizing.ts";

let cluster: Cluster;
let kubeconfig: string;

beforeAll(async () => {
  cluster = await up({ name: `resizing-crash-${process.pid}`, kubelet: false });
  kubeconfig = await prepare(cluster, { features: ["resizing"] });
});
afterAll(() => cluster?.down());

const program = programOf("dyingController");
const controllerOf = (namespace: string, limit = 0): Promise<LocalController> =>
  startController({
    kubeconfig,
    folder: cluster.folder,
    program,
    args: [namespace, String(limit), "resizing", JSON.stringify({ settle: "1s" })],
  });

/** A Deployment of three pods that no node takes, and a policy by which they ask for less. */
async function prepareIn({ client, namespace }: Place): Promise<void> {
  const labels = { app: "web" };
  await client("deployments.apps").create({
    metadata: { namespace, name: "web" },
    spec: { replicas: 3, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: sizedSpec() } },
  });
  await expect.poll(async () => (await podsOf({ client, namespace })).length, { timeout: 120_000, interval: 100 }).toBe(3);
  await recommended({ client, namespace }, "in-place", [{ apiVersion: "apps/v1", kind: "Deployment", name: "web" }]);
}

const podsOf = ({ client, namespace }: Pick<Place, "client" | "namespace">): Promise<Pod[]> =>
  Array.fromAsync(client("pods").list({ namespace }));

async function playWith(limit: number): Promise<{ writes: number; died: boolean }> {
  const own = await place(cluster.kubeconfig);
  await prepareIn(own);
  let died = false;
  if (limit > 0) {
    const dying = await controllerOf(own.namespace, limit);
    died = await dying.ended.then(() => true);
    await dying.stop();
  }
  const controller = await controllerOf(own.namespace);
  const asked = async (): Promise<unknown[]> =>
    (await podsOf(own)).map(({ metadata, spec }) => [metadata?.generation, spec?.containers[0]?.resources?.requests]);
  // A pod's generation grows with each change of what it asks for: each was changed once.
  const once = [2, { cpu: "100m", memory: "64Mi" }];
  await expect.poll(asked, { timeout: 120_000, interval: 200, message: `killed after write ${limit}` }).toEqual([once, once, once]);
  const { status } = await untilPolicy(own, "all", ({ status }) => status?.changes !== undefined);
  expect(status?.changes, `killed after write ${limit}`).toMatchObject([
    {
      key: "apps/Deployment/web//x",
      from: { requests: { cpu: "500m", memory: "256Mi" } },
      to: { requests: { cpu: "100m", memory: "64Mi" } },
    },
  ]);
  await controller.stop();
  return { died, writes: Number(/writes: (\d+)/.exec(readFileSync(controller.log, "utf8"))?.[1]) };
}

test("whichever write the controller dies after, each pod is resized once, and the change is known by what it was from", async () => {
  const { writes } = await playWith(0);
  // The change, as it is written before it is made, and three pods.
  expect(writes).toBe(4);
  for (let limit = 1; limit <= writes; limit += 1) expect((await playWith(limit)).died, `was to die after write ${limit}`).toBe(true);
}, 600_000);

test("a raise that was made while something is held, and that a node can't do, is undone once nothing is held any more", async () => {
  const own = await place(cluster.kubeconfig);
  const { client, namespace } = own;
  const policies = client("rightsizingpolicies.plimsoll.dev/status");
  await prepareIn(own);
  const key = "apps/Deployment/web//x";
  const [small, large] = [
    { cpu: "100m", memory: "64Mi" },
    { cpu: "500m", memory: "256Mi" },
  ];
  const [at, heldUntil] = [Date.now(), Date.now() + 45_000].map((time) => new Date(time).toISOString()) as [string, string];
  const held = { key, at, from: { requests: large }, to: { requests: small }, takenBack: "it crashed", heldUntil };
  const { status } = await untilPolicy(own, "all", ({ status }) => status?.recommendations !== undefined);
  const recommendations = status?.recommendations?.map((one) => ({ ...one, target: { cpu: "2", memory: "256Mi" } })) ?? [];
  await policies.patch({ namespace, name: "all" }, { status: { recommendations, changes: [held] } });
  const controller = await controllerOf(namespace);
  await untilPolicy(own, "all", ({ status }) => status?.changes?.[0]?.raise?.to.requests?.cpu === "2");
  const asked = async (): Promise<unknown[]> => (await podsOf(own)).map(({ spec }) => spec?.containers[0]?.resources?.requests);
  const raised = { cpu: "2", memory: "256Mi" };
  await expect.poll(asked, { timeout: 120_000, interval: 200 }).toEqual([raised, raised, raised]);
  await untilPolicy(own, "all", ({ status }) => status?.changes?.[0]?.takenBack === undefined);
  // As a kubelet says that has found out.
  const [{ metadata: { name = "" } = {} } = {}] = await podsOf(own);
  const condition = { type: "PodResizePending", status: "True", reason: "Infeasible", message: "not enough cpu" };
  const patch = JSON.stringify({ status: { conditions: [condition] } });
  await kubectlOf(cluster.kubeconfig)("patch", "pod", name, "-n", namespace, "--subresource=status", "-p", patch);
  const { status: after } = await untilPolicy(own, "all", ({ status }) => status?.changes?.[0]?.takenBack !== undefined);
  expect(after?.changes).toMatchObject([{ key, from: { requests: { cpu: "500m" } }, to: { requests: { cpu: "2" } }, whole: true }]);
  expect(after?.changes?.[0]?.takenBack).toContain(`pod ${name} can't be resized on its node: not enough cpu`);
  await expect.poll(asked, { timeout: 120_000, interval: 200 }).toEqual([large, large, large]);
  await controller.stop();
});

test("where somebody else overwrites what is applied, as a second installation would, that is told, and set right once they don't any more", async () => {
  const own = await place(cluster.kubeconfig);
  const { client, namespace } = own;
  await prepareIn(own);
  const controller = await controllerOf(namespace);
  const isOverwritten = (policy: RightSizingPolicy): boolean => saysOf(policy, "Applying").endsWith(": by another");
  const overwrite = async (): Promise<string[]> => {
    const { status } = await client("rightsizingpolicies.plimsoll.dev").get({ namespace, name: "all" });
    const conditions = (status?.conditions ?? []).map((one) => (one.type === "Applying" ? { ...one, message: "by another" } : one));
    await client("rightsizingpolicies.plimsoll.dev/status").patch({ namespace, name: "all" }, { status: { conditions } });
    return (await Array.fromAsync(client("events.events.k8s.io").list({ namespace }))).map(({ reason }) => reason ?? "");
  };
  await expect.poll(overwrite, { timeout: 120_000, interval: 100 }).toContain("Contested");
  await untilPolicy(own, "all", (policy) => !isOverwritten(policy));
  await controller.stop();
});
