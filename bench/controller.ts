import type { CustomResourceDefinition, PipelineRun } from "@plimsoll/api";
import { printProgress, up, type AuditLog } from "@plimsoll/cluster";
import { kinds } from "@plimsoll/features/kinds";
import { builtin, Cache, gate, messageOf, Transport } from "@plimsoll/kube";
import { prepare, startController } from "../scripts/local-controller.ts";
import type { Load } from "./loads.ts";

const { declare, allow } = gate({ ...builtin, ...kinds });

export const permissions = declare("bench", [
  allow("create", "namespaces", "each load has its own"),
  allow(["list", "watch", "create", "delete"], "pipelineruns.plimsoll.dev", "to put the load on, see it end, and take it off"),
]);

export type Client = ReturnType<typeof permissions.client>;

/** A cluster with simulated nodes and a controller, to be measured. */
export interface Bench {
  audit: AuditLog;
  controllerPid: number;
  apiServerPid: number;
  namespace: () => Promise<string>;
  /** Starts a load's runs, and resolves when every one has ended; fails where one didn't succeed. */
  carryOut: (load: Load) => Promise<void>;
}

/** Brings a cluster of 100 simulated nodes up for `work`, and takes it down again. Gives what `work` does. */
export async function withBench<T>(
  options: { name: string; crds?: CustomResourceDefinition[] },
  work: (bench: Bench) => Promise<T>,
): Promise<T> {
  const cluster = await up({
    name: `${options.name}-${process.pid}`,
    kubelet: false,
    simulatedNodes: 100,
    audit: true,
    onProgress: printProgress(process.stderr),
  });
  try {
    const kubeconfig = await prepare(cluster, options.crds === undefined ? {} : { crds: options.crds });
    const start = () => startController({ kubeconfig, folder: cluster.folder, env: { NODE_OPTIONS: "" } });
    // Every start but the first finds its modules compiled.
    await (await start()).stop();
    const controller = await start();
    const transport = Transport.fromKubeconfig(cluster.kubeconfig, { userAgent: "bench" });
    const client = permissions.client(transport);
    let namespaces = 0;
    if (cluster.audit === undefined) throw new Error("the cluster has no audit log");
    try {
      return await work({
        audit: cluster.audit,
        controllerPid: controller.pid,
        apiServerPid: cluster.pid("kube-apiserver") ?? 0,
        namespace: async () => {
          namespaces += 1;
          await client("namespaces").create({ metadata: { name: `bench-${namespaces}` } });
          return `bench-${namespaces}`;
        },
        carryOut: (load) => carryOut(client, load),
      });
    } finally {
      await transport.close();
      await controller.stop();
    }
  } finally {
    await cluster.down();
  }
}

/** Starts a load's runs, and resolves when every one has ended; fails where one didn't succeed. */
export async function carryOut(client: Client, { namespace, runs }: Load): Promise<void> {
  const end = new AbortController();
  const done = Promise.withResolvers<void>();
  const cache = new Cache(client("pipelineruns.plimsoll.dev"), {
    project: ({ metadata, status }: PipelineRun) => ({
      name: metadata.name ?? "",
      phase: status?.phase,
      ended: status?.finishedAt !== undefined,
    }),
    select: { namespace },
    onError: (error) => console.error(messageOf(error)),
  });
  let ended = 0;
  cache.on((event) => {
    if (event.type === "delete" || !event.object.ended || (event.type === "update" && event.old.ended)) return;
    if (event.object.phase !== "Succeeded") done.reject(new Error(`${event.object.name} ended as ${event.object.phase}`));
    ended += 1;
    if (ended === runs.length) done.resolve();
  });
  const timer = setTimeout(() => done.reject(new Error(`only ${ended} of ${runs.length} runs have ended after 10 minutes`)), 600_000);
  const watching = cache.start(end.signal);
  try {
    await Promise.all([done.promise, ...runs.map((run) => client("pipelineruns.plimsoll.dev").create(run))]);
  } finally {
    clearTimeout(timer);
    end.abort();
    await watching;
  }
}
