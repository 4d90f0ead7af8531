import { printProgress, up, type AuditLog, type Cluster, type UpOptions } from "@plimsoll/cluster";
import { kinds } from "@plimsoll/features/kinds";
import { builtin, gate, isNotFound, Transport } from "@plimsoll/kube";
import { until } from "./until.ts";

const { declare, allow } = gate({ ...builtin, ...kinds });

const permissions = declare("bench", [
  allow(["create", "get", "delete"], "namespaces", "each load has its own"),
  allow("get", "serviceaccounts", "to see that a namespace is ready for pods"),
  allow(["list", "watch", "create"], "pipelineruns.plimsoll.dev", "to put the load on and see it end"),
]);

export type Client = ReturnType<typeof permissions.client>;

/** A cluster of 100 simulated nodes on which a build is measured. */
export interface Testbed {
  cluster: Cluster;
  audit: AuditLog;
  client: Client;
  apiServerPid: number;
}

/** Brings a testbed up for `work`, and takes it down again. Gives what `work` does. */
export async function withTestbed<T>(
  { name, rates }: Required<Pick<UpOptions, "name" | "rates">>,
  work: (bed: Testbed) => Promise<T>,
): Promise<T> {
  const cluster = await up({
    name: `${name}-${process.pid}`,
    kubelet: false,
    simulatedNodes: 100,
    audit: true,
    rates,
    onProgress: printProgress(process.stderr),
  });
  const interrupted = (signal: NodeJS.Signals): void => {
    process.stderr.write(`${signal}: taking the cluster down\n`);
    void cluster.down().finally(() => process.exit(1));
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, interrupted);
  try {
    const { audit } = cluster;
    const apiServerPid = cluster.pid("kube-apiserver");
    if (audit === undefined || apiServerPid === undefined) throw new Error("the cluster has no audit log or no API server");
    const transport = Transport.fromKubeconfig(cluster.kubeconfig, { userAgent });
    try {
      return await work({ cluster, audit, client: permissions.client(transport), apiServerPid });
    } finally {
      await transport.close();
    }
  } finally {
    for (const signal of signals) process.off(signal, interrupted);
    await cluster.down();
  }
}

/** By which the requests of the benchmark itself are told from all others. */
export const userAgent = "bench";

/** Makes a namespace; resolves when pods can be made in it. */
export async function addNamespace(client: Client, name: string): Promise<void> {
  await client("namespaces").create({ metadata: { name } });
  await until(`the namespace ${name} has its ServiceAccount`, async () =>
    client("serviceaccounts")
      .get({ namespace: name, name: "default" })
      .then(() => true, missing),
  );
}

/** Deletes a namespace; resolves when it is gone, with all that was in it. */
export async function removeNamespace(client: Client, name: string): Promise<void> {
  await client("namespaces").delete({ name });
  await until(`the namespace ${name} is gone`, async () => {
    const exists = await client("namespaces")
      .get({ name })
      .then(() => true, missing);
    return !exists;
  });
}

function missing(error: unknown): false {
  if (isNotFound(error)) return false;
  throw error;
}
