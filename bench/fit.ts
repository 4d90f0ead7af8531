import { Cluster, nodeOf, podOf } from "@plimsoll/model";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { Random } from "./random.ts";
import { report } from "./table.ts";

const zone = "topology.kubernetes.io/zone";
const hostname = "kubernetes.io/hostname";

/** What it takes to know what fits where, in a cluster of the largest size that Kubernetes is made for, and in one of a tenth. */
export function fitBench(): void {
  // Warms the compiler up.
  place(200, 1);
  const [small, large] = [place(500, 1), place(5_000, 1)];
  const full = place(5_000, 0);
  const growth = large.placing / small.placing;
  report("fit", [
    { what: "5,000 nodes and 100,000 pods taken in", value: large.filling, unit: "s of CPU" },
    {
      what: "1,500 pods of 75 cordoned nodes placed elsewhere",
      value: large.placing,
      unit: "s of CPU",
      aim: "< 1 s",
      reached: large.placing < 1,
    },
    { what: "  of them that found a node", value: large.placed },
    { what: "  to the same in a cluster of a tenth", value: growth, aim: "≤ 3", reached: growth <= 3 },
    { what: "  each pod's move of 1,500 taken back", value: large.undoing, unit: "s of CPU" },
    {
      what: "the same where no node has room, and each pod is told why",
      value: full.placing,
      unit: "s of CPU",
      aim: "< 1 s",
      reached: full.placing < 1,
    },
    { what: "  of them that found a node", value: full.placed, aim: "0", reached: full.placed === 0 },
  ]);
}

/** 20 pods a node, of workloads of 50: a third of them spread over zones, a sixth apart from each other. `room`: 0 for none. */
function place(nodes: number, room: 0 | 1): { filling: number; placing: number; undoing: number; placed: number } {
  const random = new Random(3);
  const cluster = new Cluster();
  const size = { cpu: room === 1 ? "40" : "1", memory: "256Gi", pods: "110" };
  const views = Array.from({ length: nodes }, (_, at) =>
    nodeOf({
      metadata: { name: `node-${at}`, labels: { [hostname]: `node-${at}`, [zone]: `zone-${at % 3}` } },
      status: { allocatable: size },
    }),
  );
  const pods = Array.from({ length: nodes * 20 }, (_, at) =>
    podOf(podOfWorkload(at, `node-${at < 1_500 ? at % 75 : random.below(nodes)}`)),
  );
  const filling = timed(() => {
    for (const view of views) cluster.setNode(view);
    for (const pod of pods) cluster.setPod(pod);
  });
  const moved = pods.slice(0, 1_500);
  for (const view of views.slice(0, 75)) cluster.setNode({ ...view, isUnschedulable: true });
  let [placed, placing] = [0, 0];
  const all = timed(() =>
    cluster.rehearse(() => {
      placing = timed(() => {
        for (const pod of moved) if (cluster.place(pod).node !== undefined) placed++;
      });
    }),
  );
  return { filling, placing, undoing: all - placing, placed };
}

function podOfWorkload(at: number, nodeName: string): Pod {
  const workload = at % Math.ceil(100_000 / 50);
  const labels = { app: `w${workload}` };
  const selector = { matchLabels: labels };
  return {
    metadata: { namespace: `ns-${workload % 50}`, name: `pod-${at}`, uid: `pod-${at}`, labels },
    spec: {
      nodeName,
      containers: [{ name: "main", image: "none", resources: { requests: { cpu: "1", memory: "1Gi" } } }],
      ...(workload % 3 === 0 && {
        topologySpreadConstraints: [{ topologyKey: zone, maxSkew: 50, whenUnsatisfiable: "DoNotSchedule", labelSelector: selector }],
      }),
      ...(workload % 6 === 1 && {
        affinity: {
          podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: hostname, labelSelector: selector }] },
        },
      }),
    },
    status: { phase: "Running" },
  };
}

/** Seconds of CPU: others may be at work on the machine. */
function timed(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}
