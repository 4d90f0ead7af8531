import type { Cluster } from "@plimsoll/cluster";
import { builtin, gate, Transport } from "@plimsoll/kube";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, vi } from "vitest";

const { declare, allow } = gate(builtin);
const permissions = declare("cluster tests", [
  allow(["get", "create", "delete"], "pods", "pods to run"),
  allow("get", "pods/log", "what they say"),
  allow(["create", "delete"], "persistentvolumeclaims", "their volumes"),
  allow("list", "persistentvolumes", "their volumes"),
  allow("list", "nodes", "what there is"),
]);

/** What tests of the cluster itself do in it, as its administrator. */
export function connect(cluster: Cluster) {
  const transport = Transport.fromKubeconfig(cluster.kubeconfig);
  const client = permissions.client(transport);
  return {
    client,
    close: () => transport.close(),
    nodes: async () => (await Array.fromAsync(client("nodes").list())).map(({ metadata }) => metadata.name),
    /** Runs a pod to its end; gives its phase and what it printed. */
    async run(name: string, spec: Pod["spec"]): Promise<{ phase: string | undefined; log: string }> {
      const pod = { namespace: "default", name };
      await client("pods").create({ metadata: pod, spec: { restartPolicy: "Never", containers: [], ...spec } });
      const phase = await vi.waitFor(
        async () => {
          const { status } = await client("pods").get(pod);
          expect(status).toMatchObject({ phase: expect.stringMatching(/Succeeded|Failed/) });
          return status?.phase;
        },
        { timeout: 240_000, interval: 200 },
      );
      return { phase, log: (await Array.fromAsync(client("pods/log").read(pod))).join("\n") };
    },
  };
}

export const container = (image: string, ...command: string[]) => ({ name: "main", image, imagePullPolicy: "IfNotPresent", command });
/** What a pod must say to be allowed where only what is restricted may run, and to write to its volumes. */
export const asUser = { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, seccompProfile: { type: "RuntimeDefault" } };

/** The name of a cluster that this process starts. */
export const started = (name: string): string => `${name}-${process.pid}`;
