import type { AuditLog } from "@plimsoll/cluster";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { only, prepare, startController } from "../../scripts/local-controller.ts";
import { kubectlProgram } from "../kubectl.ts";
import { report, type Row } from "../table.ts";
import { addNamespace, removeNamespace, withTestbed, type Testbed } from "../testbed.ts";
import { until } from "../until.ts";
import { connect, fill, setCordoned, shape, starts, type DrainBenchClient } from "./site.ts";
import { Violations } from "./violations.ts";

/** What draining took in one way. */
interface Measured {
  /** Seconds. */
  wall: number;
  evictions: number;
  refused: number;
  /** Everybody's requests but those of the benchmark, and those of who drains. */
  all: number;
  drainer: number;
  violations: number;
}

interface Way {
  name: string;
  /** Drains nodes; resolves when their pods have gone. */
  drain: (client: DrainBenchClient, kubeconfig: string, nodes: readonly string[]) => Promise<void>;
  /** Whether a request is of who drains. */
  isDrainer: (event: { userAgent: string; user: string }) => boolean;
}

const run = promisify(execFile);
const kubectl = async (kubeconfig: string, nodes: readonly string[]): Promise<void> => {
  const args = ["--kubeconfig", kubeconfig, "drain", ...nodes, "--ignore-daemonsets", "--timeout=30m"];
  await run(kubectlProgram(), args, { maxBuffer: 1 << 28 });
};
const isKubectl: Way["isDrainer"] = ({ userAgent }) => userAgent.startsWith("kubectl");

const plimsoll = (maxParallel: number): Way => ({
  name: `Plimsoll, maxParallel: ${maxParallel}`,
  drain: async (client) => {
    const { metadata } = await client("drains.plimsoll.dev").create({
      apiVersion: "plimsoll.dev/v1alpha1",
      kind: "Drain",
      metadata: { generateName: "bench-" },
      spec: { selector: { matchLabels: { pool: "full" } }, maxParallel },
    });
    const { name } = metadata;
    await until("the nodes are drained", async () => {
      const { status } = await client("drains.plimsoll.dev").get({ name });
      if (status?.phase === "Failed") throw new Error(status.message);
      return status?.phase === "Succeeded";
    });
  },
  isDrainer: ({ user }) => user === "system:serviceaccount:plimsoll-system:plimsoll",
});

const inParallel = "kubectl drain, 5 in parallel";

const ways: readonly Way[] = [
  plimsoll(50),
  {
    name: inParallel,
    drain: async (_, kubeconfig, nodes) => {
      const size = nodes.length / 5;
      await Promise.all(Array.from({ length: 5 }, (_, part) => kubectl(kubeconfig, nodes.slice(part * size, (part + 1) * size))));
    },
    isDrainer: isKubectl,
  },
  plimsoll(5),
  { name: "kubectl drain, one by one", drain: (_, kubeconfig, nodes) => kubectl(kubeconfig, nodes), isDrainer: isKubectl },
];

/** A full pool of nodes moves to an empty one: by Plimsoll, and by kubectl in two ways, in turns on one cluster. */
export async function drainBench(): Promise<void> {
  await withTestbed({ name: "drain", rates: "raised" }, async (bed) => {
    const kubeconfig = await prepare(bed.cluster, { features: ["draining"] });
    const controller = await startController({
      kubeconfig,
      folder: bed.cluster.folder,
      config: { features: only({ draining: {} }) },
    });
    const measured: [Way, Measured][] = [];
    for (const [index, way] of ways.entries()) {
      const took = await measure(bed, way, `drain-${index}`);
      process.stderr.write(`${way.name}: ${took.wall.toFixed(1)} s\n`);
      measured.push([way, took]);
    }
    await controller.stop();
    const parallel = measured.find(([{ name }]) => name === inParallel)?.[1].wall ?? Number.NaN;
    report(
      "drain",
      measured.flatMap(([way, took]) => rowsOf(way, took, parallel)),
      `${shape.nodes} nodes with ${shape.workloads * shape.replicas} pods under ${shape.workloads} budgets move to as many empty nodes; a pod takes ${starts} to be ready`,
    );
  });
}

async function measure(bed: Testbed, way: Way, namespace: string): Promise<Measured> {
  const { client, close } = connect(bed.cluster.kubeconfig);
  try {
    await addNamespace(bed.client, namespace);
    const { full } = await fill(client, namespace);
    const violations = new Violations(client, namespace);
    await violations.begin();
    const mark = await bed.audit.mark();
    const begun = performance.now();
    await way.drain(client, bed.cluster.kubeconfig, full);
    const wall = (performance.now() - begun) / 1000;
    const left = (await Array.fromAsync(client("pods").list({ namespace }))).filter(({ spec }) => full.includes(spec?.nodeName ?? ""));
    if (left.length > 0) throw new Error(`${way.name} has left ${left.length} pods on the nodes`);
    const counts = await countsOf(bed.audit, mark, way);
    const found = await violations.stop();
    for await (const { metadata } of client("drains.plimsoll.dev").list())
      await client("drains.plimsoll.dev").delete({ name: metadata.name });
    await until("the Drains are gone", async () => (await Array.fromAsync(client("drains.plimsoll.dev").list())).length === 0);
    await setCordoned(client, full, false);
    await removeNamespace(bed.client, namespace);
    return { wall, ...counts, violations: found };
  } finally {
    await close();
  }
}

async function countsOf(audit: AuditLog, mark: number, { isDrainer }: Way) {
  const counts = { evictions: 0, refused: 0, all: 0, drainer: 0 };
  for await (const event of audit.since(mark)) {
    if (event.stage !== "ResponseComplete" || event.verb === "watch" || event.userAgent.startsWith("bench")) continue;
    counts.all += 1;
    if (isDrainer(event)) counts.drainer += 1;
    if (event.subresource !== "eviction") continue;
    if (event.code === 201) counts.evictions += 1;
    if (event.code === 429) counts.refused += 1;
  }
  return counts;
}

function rowsOf({ name }: Way, took: Measured, parallel: number): Row[] {
  const pods = shape.workloads * shape.replicas;
  const isOurs = name.startsWith("Plimsoll");
  const aimed = (value: number, most: number): Pick<Row, "value" | "aim" | "reached"> => ({
    value,
    ...(isOurs ? { aim: `≤ ${most}`, reached: value <= most } : {}),
  });
  return [
    { what: `${name}: wall`, value: took.wall, unit: "s" },
    ...(isOurs ? [{ what: `  to that of ${inParallel}`, ...aimed(took.wall / parallel, 0.5) }] : []),
    { what: "  evictions", value: took.evictions },
    { what: "  429s", value: took.refused },
    { what: "  requests a pod of who drains", value: took.drainer / pods },
    { what: "  everybody's requests a pod", value: took.all / pods },
    { what: "  fewer ready pods than a budget wants, as another watcher sees it", ...aimed(took.violations, 0) },
  ];
}
