import { printProgress, up, type Cluster } from "@plimsoll/cluster";
import { Transport } from "@plimsoll/kube";
import { setTimeout as sleep } from "node:timers/promises";
import { baselineFolder, here, startBuild } from "./build.ts";
import { carryOut, permissions, type Client } from "./controller.ts";
import { chains, fanOut, layered, type Load } from "./loads.ts";
import { usageOf } from "./process.ts";
import { percentile, report, type Row } from "./table.ts";
import { readTraffic, type Traffic } from "./traffic.ts";

/** A load, and what the new build may take of what the old one does, by mode. */
interface Comparison {
  name: string;
  make: (namespace: string) => Load;
  wall: { default: number; raised: number };
  requests: number;
  /** Only for the new build: the old one takes too long. */
  isLarge?: true;
}

const comparisons: readonly Comparison[] = [
  { name: "chains-60", make: (namespace) => chains(namespace, 60), wall: { default: 0.12, raised: 0.6 }, requests: 7.5 },
  { name: "chains-200", make: (namespace) => chains(namespace, 200), wall: { default: 0.12, raised: 0.6 }, requests: 7.5 },
  { name: "fan-500", make: (namespace) => fanOut(namespace, 500), wall: { default: 0.4, raised: 0.8 }, requests: 5.5 },
  { name: "dag-300", make: (namespace) => layered(namespace, 300, 15), wall: { default: 0.08, raised: 0.6 }, requests: 7.5 },
  { name: "fan-5000", make: (namespace) => fanOut(namespace, 5_000), wall: { default: NaN, raised: NaN }, requests: 5.5, isLarge: true },
  { name: "chains-1000", make: (namespace) => chains(namespace, 1_000), wall: { default: NaN, raised: NaN }, requests: 7.5, isLarge: true },
];

/**
 * The last build that made Jobs, and this one, on the same cluster: with the controller manager and the scheduler at their default rates, and
 * at 200 requests a second. LOADS=chains-60,fan-500 takes some of the loads, RATES=default one of the modes, ONLY=new leaves the old build out.
 */
export async function engineBench(): Promise<void> {
  const asked = process.env["LOADS"]?.split(",");
  const loads = comparisons.filter(({ name }) => asked === undefined || asked.includes(name));
  const modes = (["default", "raised"] as const).filter((mode) => (process.env["RATES"] ?? mode) === mode);
  for (const rates of modes) {
    const cluster = await up({
      name: `engine-${process.pid}`,
      kubelet: false,
      simulatedNodes: 100,
      audit: true,
      rates,
      onProgress: printProgress(process.stderr),
    });
    try {
      const old = process.env["ONLY"] === "new" ? new Map<string, Measured>() : await measureAll(cluster, baselineFolder(), loads, "old");
      const now = await measureAll(cluster, here, loads, "new");
      for (const comparison of loads)
        report(
          `${comparison.name}, ${rates === "default" ? "at Kubernetes' default rates" : "at 200 requests a second"}`,
          rowsOf(comparison, rates, old.get(comparison.name), now.get(comparison.name)),
        );
    } finally {
      await cluster.down();
    }
  }
}

interface Measured extends Traffic {
  steps: number;
  wall: number;
  /** Milliseconds a step. */
  cpu: { controller: number; server: number };
  peak: number;
  /** Of the largest run when it had ended, in bytes. */
  status: number;
}

async function measureAll(
  cluster: Cluster,
  folder: string,
  loads: readonly Comparison[],
  build: "old" | "new",
): Promise<Map<string, Measured>> {
  const measured = new Map<string, Measured>();
  for (const { name, make, isLarge } of loads) {
    if (build === "old" && isLarge) continue;
    const { pid, stop } = await startBuild(folder, cluster);
    const transport = Transport.fromKubeconfig(cluster.kubeconfig, { userAgent: "bench" });
    try {
      measured.set(name, await measure(cluster, permissions.client(transport), pid, make(`${name}-${build}`)));
    } finally {
      await transport.close();
      await stop();
    }
  }
  return measured;
}

async function measure(cluster: Cluster, client: Client, pid: number, load: Load): Promise<Measured> {
  const { audit } = cluster;
  if (audit === undefined) throw new Error("the cluster has no audit log");
  const server = cluster.pid("kube-apiserver") ?? 0;
  await client("namespaces").create({ metadata: { name: load.namespace } });
  const before = { controller: usageOf(pid), server: usageOf(server) };
  const mark = await audit.mark();
  const started = Date.now();
  await carryOut(client, load);
  const wall = (Date.now() - started) / 1000;
  // What others still write about the last pods belongs to the load.
  await sleep(3_000);
  const after = { controller: usageOf(pid), server: usageOf(server) };
  const traffic = await readTraffic(audit, mark, load.namespace, load.pipeline);
  let status = 0;
  for await (const run of client("pipelineruns.plimsoll.dev").list({ namespace: load.namespace, limit: 50 }))
    status = Math.max(status, JSON.stringify(run.status).length);
  // So that the next load finds the cluster empty.
  for await (const { metadata } of client("pipelineruns.plimsoll.dev").list({ namespace: load.namespace, limit: 50 }))
    await client("pipelineruns.plimsoll.dev").delete(
      { namespace: load.namespace, name: metadata.name },
      { propagationPolicy: "Background" },
    );
  return {
    ...traffic,
    steps: load.steps,
    wall,
    cpu: {
      controller: (after.controller.cpu - before.controller.cpu) / load.steps,
      server: (after.server.cpu - before.server.cpu) / load.steps,
    },
    peak: after.controller.peakRss,
    status,
  };
}

function rowsOf(
  { name, wall, requests, isLarge }: Comparison,
  rates: "default" | "raised",
  old: Measured | undefined,
  now: Measured | undefined,
): Row[] {
  if (now === undefined) return [];
  const ratio = old === undefined ? NaN : now.wall / old.wall;
  const aim = wall[rates];
  const all = now.all / now.steps;
  const median = percentile(now.latencies, 0.5);
  const serverRatio = old === undefined ? NaN : now.cpu.server / old.cpu.server;
  const perSecond = [...now.bindings.values()];
  const rows: Row[] = [
    { what: "wall", value: now.wall, unit: "s" },
    ...(old === undefined
      ? []
      : [
          { what: "wall of the old build", value: old.wall, unit: "s" },
          { what: "ratio", value: ratio, aim: `≤ ${aim}`, reached: ratio <= aim },
        ]),
    { what: "everybody's requests a step", value: all, aim: `≤ ${requests}`, reached: all <= requests },
    ...(old === undefined ? [] : [{ what: "everybody's requests a step, old build", value: old.all / old.steps }]),
    { what: "our requests", value: now.ours.kinds },
    { what: "requests a step by user", value: byUser(now) },
    { what: "pods bound a second, median and most", value: `${percentile(perSecond, 0.5)}, ${Math.max(0, ...perSecond)}` },
    { what: "API server's CPU a step", value: now.cpu.server, unit: "ms" },
    ...(old === undefined
      ? []
      : [{ what: "to the old build's", value: serverRatio, ...(name === "fan-500" ? { aim: "≤ 0.8", reached: serverRatio <= 0.8 } : {}) }]),
    ...(now.latencies.length === 0
      ? []
      : [
          {
            what: "last pod's end to the next pod, median",
            value: median,
            unit: "ms",
            ...(name === "dag-300" ? { aim: "≤ 20 ms", reached: median <= 20 } : {}),
          },
          { what: "last pod's end to the next pod, p99", value: percentile(now.latencies, 0.99), unit: "ms" },
        ]),
    { what: "controller's CPU a step", value: now.cpu.controller, unit: "ms", aim: "≤ 5 ms", reached: now.cpu.controller <= 5 },
    { what: "controller's peak RSS", value: now.peak, unit: "MB", ...(isLarge ? limit(now.peak, name === "fan-5000" ? 200 : 250) : {}) },
    { what: "the largest status", value: now.status / 1024, unit: "KiB", aim: "≤ 512 KiB", reached: now.status <= 512 * 1024 },
  ];
  return rows;
}

function limit(value: number, most: number): Pick<Row, "aim" | "reached"> {
  return { aim: `≤ ${most} MB`, reached: value <= most };
}

function byUser({ users, steps }: Measured): string {
  const short = (user: string): string => user.replace(/^system:(serviceaccount:(kube-system|plimsoll-system):)?/, "");
  return users
    .slice(0, 5)
    .map(([user, count]) => `${(count / steps).toFixed(1)} ${short(user)}`)
    .join(", ");
}
