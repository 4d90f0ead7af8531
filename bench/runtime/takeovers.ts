import type { PipelineSpec } from "@plimsoll/api";
import type { Cluster } from "@plimsoll/cluster";
import { kinds } from "@plimsoll/features/kinds";
import { builtin, gate, isAlreadyExists, Transport } from "@plimsoll/kube";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { podCreations } from "../pod-creations.ts";
import { prepare, startController, type LocalController } from "../../scripts/local-controller.ts";

const { declare, allow } = gate({ ...builtin, ...kinds });
const permissions = declare("takeovers", [
  allow("create", "namespaces", "the runs have their own"),
  allow(["create", "list"], "pipelineruns.plimsoll.dev", "to put the load on, and to see what has come of it"),
]);

/** What has come of leaders that were ended one after the other while runs went on. */
export interface Takeovers {
  /** Milliseconds from the end of a leader to the next one's lead, by how it was ended. */
  killed: number[];
  stopped: number[];
  runs: number;
  /** Runs that have not succeeded. */
  lost: string[];
  /** Pods that were created more than once. */
  twice: string[];
}

/** Pods on simulated nodes, which complete at once. */
const pipeline: PipelineSpec = {
  pod: { nodeSelector: { type: "kwok" }, tolerations: [{ key: "kwok.x-k8s.io/node", operator: "Exists" }] },
  steps: Array.from({ length: 5 }, (_, index) => ({
    name: `step-${index}`,
    image: "busybox",
    command: ["true"],
    needs: index === 0 ? [] : [`step-${index - 1}`],
    ...(index === 2 ? { forEach: [1, 2, 3] } : {}),
  })),
};

/**
 * Has two controllers work, and ends the one that leads `rounds` times, by SIGKILL and SIGTERM in turns, each in the middle of `load` runs
 * that begin then. The lease is as short as it can be, which is the hardest case.
 */
export async function takeovers(cluster: Cluster, rounds: number, load: number): Promise<Takeovers> {
  const kubeconfig = await prepare(cluster);
  const config = { leaderElection: { leaseDuration: "4s", renewDeadline: "3s", retryPeriod: "1s" }, logLevel: "info" };
  const gone = new Set<LocalController>();
  const start = async (): Promise<LocalController> => {
    const controller = await startController({ kubeconfig, folder: cluster.folder, config });
    void controller.ended.then(() => gone.add(controller));
    return controller;
  };
  /** The one that leads, once it says so. */
  const leaderOf = async (controllers: readonly LocalController[]): Promise<LocalController> => {
    for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(20)) {
      const leader = controllers.find((one) => !gone.has(one) && readFileSync(one.log, "utf8").includes('"leads"'));
      if (leader !== undefined) return leader;
    }
    throw new Error("nobody leads after two minutes");
  };
  const transport = Transport.fromKubeconfig(cluster.kubeconfig, { userAgent: "takeovers" });
  const client = permissions.client(transport);
  const namespace = "takeovers";
  await client("namespaces")
    .create({ metadata: { name: namespace } })
    .catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
  const result: Takeovers = { killed: [], stopped: [], runs: 0, lost: [], twice: [] };
  let alive = [await start(), await start()];
  for (let round = 0; round < rounds; round += 1) {
    // On a machine that stands still for longer than the deadline, a leader loses the lease and ends by itself.
    alive = alive.filter((controller) => !gone.has(controller));
    while (alive.length < 2) alive.push(await start());
    for (let index = 0; index < load; index += 1)
      await client("pipelineruns.plimsoll.dev").create({
        apiVersion: "plimsoll.dev/v1alpha1",
        kind: "PipelineRun",
        metadata: { namespace, name: `run-${round}-${index}` },
        spec: { pipeline },
      });
    result.runs += load;
    const leader = await leaderOf(alive);
    // Some runs have just begun, others are half-way.
    await sleep(300 + ((round * 137) % 900));
    alive = alive.filter((controller) => controller !== leader);
    const ended = performance.now();
    if (round % 2 === 0) process.kill(leader.pid, "SIGKILL");
    else void leader.stop();
    await leaderOf(alive);
    (round % 2 === 0 ? result.killed : result.stopped).push(performance.now() - ended);
    await leader.ended;
    alive.push(await start());
  }
  const unfinished = async (): Promise<string[]> => {
    const runs = await Array.fromAsync(client("pipelineruns.plimsoll.dev").list({ namespace }));
    return runs.flatMap(({ metadata, status }) =>
      status?.phase === "Succeeded" ? [] : [`${metadata.name}: ${status?.phase} ${status?.message ?? ""}`],
    );
  };
  for (const deadline = Date.now() + 300_000; (result.lost = await unfinished()).length > 0 && Date.now() < deadline;) await sleep(1_000);
  await Promise.all(alive.map((controller) => controller.stop()));
  await transport.close();
  result.twice = await createdTwice(cluster, namespace);
  return result;
}

async function createdTwice({ audit }: Cluster, namespace: string): Promise<string[]> {
  if (audit === undefined) throw new Error("the cluster has no audit log");
  const counts = await podCreations(audit, namespace);
  return [...counts].flatMap(([name, { answered }]) => (answered > 1 ? [`${name}: ${answered} times`] : []));
}
