import type { Node, Pod } from "kubernetes-types/core/v1.d.ts";
import type { DrainPolicy } from "../plan/index.ts";
import { World, type Chance, type Workload } from "./world.ts";

export interface Scenario {
  world: World;
  drained: string[];
  policy: DrainPolicy;
}

interface Random extends Chance {
  of<T>(items: readonly T[]): T;
}

/** A cluster in which chance has run some workloads under some budgets, and nodes of it that are to be drained. */
export function scenarioOf(random: Random, most: { nodes: number; workloads: number }): Scenario {
  const world = new World(random);
  const nodes = Array.from({ length: 3 + random.below(most.nodes - 2) }, (_, at) => nodeOf(at));
  for (const node of nodes) world.addNode(node);
  const count = 1 + random.below(most.workloads);
  for (let at = 0; at < count; at++) {
    const workload = workloadOf(random, at);
    world.addWorkload(workload);
    const budgets = random.chance(0.06) ? 2 : random.chance(0.6) ? 1 : 0;
    for (let index = 0; index < budgets; index++)
      world.addBudget({
        metadata: { namespace: workload.namespace, name: `${workload.name}-${index}` },
        spec: { selector: { matchLabels: { app: workload.name } }, ...specOf(random, workload.replicas) },
      });
  }
  world.settle();
  const names = nodes.flatMap(({ metadata }) => metadata?.name ?? []);
  const drained = names.slice(0, 1 + random.below(Math.max(1, Math.floor(names.length / 2))));
  const policy = {
    maxParallel: 1 + random.below(5),
    jobsUntil: world.now + (random.chance(0.5) ? 60_000 * random.below(5) : 0),
    surge: random.chance(0.5),
    evictsUnmanaged: false,
    deletesLocalData: random.chance(0.8),
  };
  return { world, drained, policy };
}

function specOf(random: Random, replicas: number): object {
  return random.of([
    { minAvailable: 1 },
    { minAvailable: Math.max(1, replicas - 1) },
    { minAvailable: replicas },
    { maxUnavailable: 1 },
    { maxUnavailable: "30%" },
    { minAvailable: "50%" },
    { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
    { maxUnavailable: 0 },
  ]);
}

/** The node of this number, in one of three zones. */
export function nodeOf(at: number, size: Record<string, string> = { cpu: "8", memory: "32Gi", pods: "40" }): Node {
  const name = `node-${String(at).padStart(2, "0")}`;
  return {
    metadata: { name, labels: { "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": `zone-${at % 3}` } },
    status: { allocatable: size, capacity: size },
  };
}

function workloadOf(random: Random, at: number): Workload {
  const name = `w${at}`;
  const kind = random.of(["ReplicaSet", "ReplicaSet", "ReplicaSet", "Job", "PipelineRun"] as const);
  const requests = { cpu: `${100 * (1 + random.below(12))}m`, memory: `${256 * (1 + random.below(8))}Mi` };
  const selector = { matchLabels: { app: name } };
  const key = random.of(["kubernetes.io/hostname", "topology.kubernetes.io/zone"]);
  const spread = { labelSelector: selector, nodeTaintsPolicy: "Honor" };
  const spec: Pod["spec"] = {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: "main", image: "none", resources: { requests } }],
    ...(random.chance(0.2) && {
      topologySpreadConstraints: [{ topologyKey: key, maxSkew: 1 + random.below(2), whenUnsatisfiable: "DoNotSchedule", ...spread }],
    }),
    ...(random.chance(0.2) && {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", labelSelector: selector }],
        },
      },
    }),
    ...(random.chance(0.1) && { volumes: [{ name: "scratch", emptyDir: {} }] }),
  };
  const replicas = 1 + random.below(key.endsWith("zone") ? 3 : 6);
  const duration = kind === "ReplicaSet" ? undefined : 20 + random.below(600);
  const template = (): Pod => ({ metadata: { labels: { app: name } }, spec });
  return { namespace: `ns-${at % 4}`, name, kind, replicas, ...(duration !== undefined && { duration }), template };
}
