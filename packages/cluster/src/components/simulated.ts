import { builtin, gate, isAlreadyExists, type Transport } from "@plimsoll/kube";
import type { Node } from "kubernetes-types/core/v1.d.ts";

const { declare, allow } = gate(builtin);
const permissions = declare("simulated nodes", [allow(["list", "create", "delete"], "nodes", "as many simulated nodes as were asked for")]);

const size = { cpu: "32", memory: "256Gi", pods: "110", "ephemeral-storage": "1Ti" };

/** Makes the cluster have `count` simulated nodes, kwok-0 and up, whatever it had. */
export async function setSimulatedNodes(transport: Transport, count: number): Promise<void> {
  const nodes = permissions.client(transport)("nodes");
  const wanted = new Set(Array.from({ length: count }, (_, index) => `kwok-${index}`));
  for await (const { metadata } of nodes.list({ labelSelector: "type=kwok" })) {
    if (!wanted.delete(metadata.name)) await nodes.delete({ name: metadata.name });
  }
  await Promise.all(
    [...wanted].map((name) =>
      nodes.create(simulatedNode(name)).catch((error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
      }),
    ),
  );
}

/** The number of nodes, of any kind, that are ready. */
export async function readyNodes(transport: Transport): Promise<number> {
  let ready = 0;
  for await (const { status } of permissions.client(transport)("nodes").list()) {
    if (status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")) ready += 1;
  }
  return ready;
}

function simulatedNode(name: string): Node {
  return {
    metadata: {
      name,
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: {
        type: "kwok",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "node.kubernetes.io/exclude-from-external-load-balancers": "true",
      },
    },
    // Only pods that tolerate it are simulated: real pods stay on the real node.
    spec: { taints: [{ key: "kwok.x-k8s.io/node", value: "fake", effect: "NoSchedule" }] },
    status: { capacity: size, allocatable: size },
  };
}
