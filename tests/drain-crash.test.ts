import type { Drain } from "@plimsoll/api";
import { up, type Cluster } from "@plimsoll/cluster";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { programOf } from "../scripts/programs.ts";
import { place } from "./support/cluster.ts";
import { drainSite, until } from "./support/drain-site.ts";

let cluster: Cluster;
let kubeconfig: string;

beforeAll(async () => {
  cluster = await up({ name: `drain-crash-${process.pid}`, kubelet: false, audit: true });
  kubeconfig = await prepare(cluster, { features: ["draining"] });
});
afterAll(() => cluster.down());

const program = programOf("dyingController");
const controllerOf = (limit = 0): Promise<LocalController> =>
  startController({ kubeconfig, folder: cluster.folder, program, args: ["", String(limit), "draining"] });

/** What every drain of it writes: that it is kept, its status, a cordon, another, the surge, the scale, four evictions, the scale, the end. */
const least = 12;

interface Played {
  drain: Drain;
  /** How often each pod that was on the node was evicted. */
  evictions: number[];
  writes: number;
  died: boolean;
}

/**
 * Drains a node with a Deployment under a budget and one of a single replica, and another that somebody has cordoned before, under a
 * controller that dies after `limit` writes, and under another from then on; deletes the Drain as soon as it is over.
 */
async function playWith(limit: number): Promise<Played> {
  if (cluster.audit === undefined) throw new Error("the cluster has no audit log");
  const { namespace } = await place(cluster.kubeconfig);
  const site = drainSite(cluster.kubeconfig, namespace);
  try {
    const [drained = ""] = await site.addNodes(1);
    await site.deploy("web", 3);
    await site.budget("web", { maxUnavailable: 1 });
    await site.deploy("single", 1);
    const pods = [...(await site.podsOf("web")).keys(), ...(await site.podsOf("single")).keys()];
    const [cordoned = ""] = await site.addNodes(2);
    await site.client("nodes").patch({ name: cordoned }, { spec: { unschedulable: true } }, { fieldManager: "somebody" });
    const mark = await cluster.audit.mark();
    const name = `${site.pool}-drain`;
    await site.drain(name, { nodes: [drained, cordoned], surge: true });
    const over = (async () => {
      const drain = await site.ended(name, 400);
      await site.undo(name, 400);
      return drain;
    })();
    let died = false;
    if (limit > 0) {
      const dying = await controllerOf(limit);
      died = await Promise.race([dying.ended.then(() => true), over.then(() => false)]);
      await dying.stop();
    }
    const controller = await controllerOf();
    const drain = await over;
    await controller.stop();

    expect(await site.replicasOf("single"), `killed after write ${limit}: the scale`).toBe(1);
    await until("one pod of single is left", async () => (await site.podsOf("single")).size === 1);
    const annotations = await Promise.all(
      [drained, cordoned].map(async (name) => (await site.client("nodes").get({ name })).metadata.annotations),
    );
    expect(annotations.flatMap((all = {}) => Object.keys(all)).filter((key) => key.startsWith("plimsoll.dev/"))).toEqual([]);
    expect([await site.isCordoned(drained), await site.isCordoned(cordoned)], `killed after write ${limit}: the cordons`).toEqual([
      false,
      true,
    ]);
    const counts = new Map(pods.map((pod) => [pod, { accepted: 0, cutOff: 0 }]));
    for await (const { namespace: of, subresource, name, code, stage } of cluster.audit.since(mark, namespace)) {
      if (of !== namespace || subresource !== "eviction" || stage !== "ResponseComplete") continue;
      const count = counts.get(name) ?? { accepted: 0, cutOff: 0 };
      counts.set(name, count);
      if (code === 201) count.accepted += 1;
      else if (code >= 499) count.cutOff += 1;
    }
    // One that was cut off as its caller died has no 201 in the log: then it was carried out all the same, or asked for again.
    const evictions = [...counts.values()].map(({ accepted, cutOff }) => (accepted > 0 ? accepted : Math.min(1, cutOff)));
    return { drain, died, evictions, writes: Number(/writes: (\d+)/.exec(readFileSync(controller.log, "utf8"))?.[1]) };
  } finally {
    await site.close();
  }
}

/** What has to be the same however often the controller dies. */
function outcomeOf({ status }: Drain): unknown {
  const { phase, progress, left, surges, message, nodes = [], conditions = [] } = status ?? {};
  return {
    phase,
    progress,
    left,
    surges,
    message,
    nodes: nodes.map(({ phase, pods, left }) => ({ phase, pods, left })),
    conditions: conditions.map(({ type, status, reason }) => ({ type, status, reason })),
  };
}

test("whichever write the controller dies after, the node is drained, nothing is evicted twice, and nothing is left cordoned or scaled", async () => {
  const whole = await playWith(0);
  expect(whole.drain.status).toMatchObject({
    phase: "Succeeded",
    progress: "2/2",
    nodes: [
      { pods: 4, left: 0 },
      { pods: 0, left: 0 },
    ],
  });
  expect(whole.writes).toBeGreaterThanOrEqual(least);
  // One more than there were, for the drain that ends before its controller would have died.
  for (let limit = 1; limit <= whole.writes + 1; limit += 1) {
    const { drain, evictions, died } = await playWith(limit);
    if (limit <= least) expect(died, `was to die after write ${limit}`).toBe(true);
    expect(outcomeOf(drain), `killed after write ${limit}`).toEqual(outcomeOf(whole.drain));
    expect(evictions, `killed after write ${limit}`).toEqual([1, 1, 1, 1]);
  }
}, 1_800_000);
