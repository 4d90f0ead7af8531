import { up, type Cluster } from "@plimsoll/cluster";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepare, startController, type LocalController } from "../scripts/local-controller.ts";
import { programOf } from "../scripts/programs.ts";
import { place } from "./support/cluster.ts";
import { conditionOf, createSet, objectsIn } from "./support/workloads.ts";

let cluster: Cluster;
let kubeconfig: string;

beforeAll(async () => {
  cluster = await up({ name: `workloads-crash-${process.pid}`, kubelet: false });
  kubeconfig = await prepare(cluster, { features: ["workloads"] });
});
afterAll(() => cluster.down());

const program = programOf("dyingController");
const controllerOf = (namespace: string, limit = 0): Promise<LocalController> =>
  startController({ kubeconfig, folder: cluster.folder, program, args: [namespace, String(limit), "workloads"] });

const map = (name: string, a = "1"): Record<string, unknown> => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { a } });

async function until(what: string, find: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(100)) if (await find()) return;
  throw new Error(`${what}: not within 120 s`);
}

/**
 * A set is applied by a controller that dies after so many writes, and says something else when the next one comes: whatever the first had made,
 * the set's new list is what there is in the end. Gives the writes that the first would make.
 */
async function play(limit: number): Promise<number> {
  const { client, namespace } = await place(cluster.kubeconfig);
  const sets = client("workloadsets.plimsoll.dev");
  await createSet({ client, namespace }, "s", { manifests: [map("a"), map("b"), map("c")] });
  const isDone = async (): Promise<boolean> => {
    const set = await sets.get({ namespace, name: "s" });
    return set.status?.observedGeneration === set.metadata.generation && conditionOf(set, "Applied").startsWith("True/");
  };
  const first = await controllerOf(namespace, limit);
  const ended = first.ended.then(() => true);
  await until("it dies, or all is done", async () => (await Promise.race([ended, sleep(10, false)])) || isDone());
  await first.stop();
  const writes = Number(/writes: (\d+)/.exec(readFileSync(first.log, "utf8"))?.[1] ?? limit);
  // What was made stands in the status, also where the answer was lost.
  const listed = new Set((await sets.get({ namespace, name: "s" })).status?.inventory?.map(({ name }) => name));
  const made = await Array.fromAsync(objectsIn(client, "configmaps").list({ namespace }));
  const ours = made.filter(({ metadata }) => metadata.labels?.["plimsoll.dev/workload-set"] === "s").map(({ metadata }) => metadata.name);
  expect({ limit, lost: ours.filter((name) => !listed.has(name)) }).toEqual({ limit, lost: [] });
  await sets.patch({ namespace, name: "s" }, { spec: { manifests: [map("b", "2"), map("d")] } });
  const second = await controllerOf(namespace);
  await until("all is done", isDone);
  await second.stop();
  const left = (await Array.fromAsync(objectsIn(client, "configmaps").list({ namespace }))).filter(
    ({ metadata }) => metadata.name !== "kube-root-ca.crt",
  );
  expect({ limit, left: left.map(({ metadata, data }) => [metadata.name, data?.["a"]]).sort() }).toEqual({
    limit,
    left: [
      ["b", "2"],
      ["d", "1"],
    ],
  });
  return writes;
}

test("whichever write the controller dies after, what it made is known to the next one, and ends as the set says", async () => {
  const writes = await play(0);
  expect(writes).toBeGreaterThanOrEqual(5);
  await Promise.all(Array.from({ length: writes }, (_, index) => play(index + 1)));
}, 900_000);
