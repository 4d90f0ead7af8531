import { kinds } from "@plimsoll/features/kinds";
import { builtin, gate, Transport } from "@plimsoll/kube";
import { userAgent } from "../testbed.ts";
import { until } from "../until.ts";

const { declare, allow } = gate({ ...builtin, ...kinds });

const permissions = declare("bench-drain", [
  allow(["create", "get", "list", "watch", "delete"], "drains.plimsoll.dev", "to have nodes drained"),
  allow(["list", "patch"], "nodes", "to make pools of them, and to uncordon them again"),
  allow(["list", "watch"], "pods", "to see what becomes of them"),
  allow(["create", "list"], "deployments.apps", "to have pods that are made again"),
  allow(["create", "list"], "poddisruptionbudgets.policy", "to hold them"),
]);

/** What the benchmark of draining does to a cluster. */
export function connect(kubeconfig: string) {
  const transport = Transport.fromKubeconfig(kubeconfig, { userAgent });
  return { client: permissions.client(transport), close: () => transport.close() };
}

export type DrainBenchClient = ReturnType<typeof connect>["client"];

/** Deployments with a budget each. */
export const shape = { nodes: 50, workloads: 60, replicas: 25 };

/** How long a pod takes from being placed until it is ready; `STARTS=0s` for no time. */
export const starts = process.env["STARTS"] ?? "5s";

/** What the budgets allow to be missing. */
const limits = [1, 2, "10%", "20%"];

/** How many of a workload's pods its budget lets be missing. */
export function mayBeMissing(workload: number): number {
  const limit = limits[workload % limits.length] ?? 1;
  return typeof limit === "number" ? limit : Math.ceil((shape.replicas * Number.parseInt(limit, 10)) / 100);
}

/** Cordons nodes, or uncordons them. */
export async function setCordoned(client: DrainBenchClient, names: readonly string[], unschedulable: boolean): Promise<void> {
  for (const name of names) await client("nodes").patch({ name }, { spec: { unschedulable: unschedulable ? true : null } });
}

/** Labels the nodes as one pool that is full and one that is empty, and fills the former: 60 Deployments of 25 pods, each with its budget. */
export async function fill(client: DrainBenchClient, namespace: string): Promise<{ full: string[]; empty: string[] }> {
  const nodes = (await Array.fromAsync(client("nodes").list())).map(({ metadata }) => metadata.name).sort();
  const [full, empty] = [nodes.slice(0, shape.nodes), nodes.slice(shape.nodes, 2 * shape.nodes)];
  for (const [pool, names] of [
    ["full", full],
    ["empty", empty],
  ] as const)
    for (const name of names) await client("nodes").patch({ name }, { metadata: { labels: { pool } } });
  await setCordoned(client, empty, true);
  for (let index = 0; index < shape.workloads; index += 1) await deploy(client, namespace, index);
  await until("all pods are ready, and all budgets have counted them", async () => {
    const deployments = await Array.fromAsync(client("deployments.apps").list({ namespace }));
    const budgets = await Array.fromAsync(client("poddisruptionbudgets.policy").list({ namespace }));
    return (
      deployments.every(({ status }) => status?.readyReplicas === shape.replicas) &&
      budgets.every(({ status }) => status?.currentHealthy === shape.replicas)
    );
  });
  await setCordoned(client, empty, false);
  return { full, empty };
}

async function deploy(client: DrainBenchClient, namespace: string, index: number): Promise<void> {
  const name = `app-${index}`;
  const labels = { app: name };
  const container = { name: "main", image: "busybox", resources: { requests: { cpu: "250m", memory: "256Mi" } } };
  const spec = { tolerations: [{ key: "kwok.x-k8s.io/node", operator: "Exists" }], containers: [container] };
  await client("poddisruptionbudgets.policy").create({
    metadata: { namespace, name },
    spec: { selector: { matchLabels: labels }, maxUnavailable: limits[index % limits.length] ?? 1 },
  });
  await client("deployments.apps").create({
    metadata: { namespace, name },
    spec: {
      replicas: shape.replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations: { "simulated.plimsoll.dev/starts-in": starts } }, spec },
    },
  });
}
