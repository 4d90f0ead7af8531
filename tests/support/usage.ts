import { isAlreadyExists, isNotFound, Transport } from "@plimsoll/kube";
import { setTimeout as sleep } from "node:timers/promises";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const api = "/apis/metrics.k8s.io/v1beta1";

/**
 * Has a cluster without a metrics server answer for metrics.k8s.io: its kinds are defined there, so that usage is objects of the API server's own,
 * and a pod uses what is written here.
 */
export async function writeUsage(
  kubeconfig: string,
  { node, namespace, pod }: { node: string; namespace: string; pod: string },
): Promise<void> {
  const transport = Transport.fromKubeconfig(kubeconfig, { userAgent: "tests" });
  const create = async (path: string, body: object): Promise<void> => {
    for (const deadline = Date.now() + 120_000; ; await sleep(200)) {
      try {
        await transport.request({ method: "POST", path, body });
        return;
      } catch (error) {
        if (isAlreadyExists(error)) return;
        // A kind is served a moment after it was defined.
        if (!isNotFound(error) || Date.now() > deadline) throw error;
      }
    }
  };
  try {
    for (const [kind, plural, scope] of [
      ["NodeMetrics", "nodes", "Cluster"],
      ["PodMetrics", "pods", "Namespaced"],
    ] as const)
      await create(definitions, {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: {
          name: `${plural}.metrics.k8s.io`,
          annotations: { "api-approved.kubernetes.io": "unapproved, for a test" },
        },
        spec: {
          group: "metrics.k8s.io",
          scope,
          names: { kind, plural },
          versions: [
            {
              name: "v1beta1",
              served: true,
              storage: true,
              schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
            },
          ],
        },
      });
    const of = (kind: string): object => ({ apiVersion: "metrics.k8s.io/v1beta1", kind });
    await create(`${api}/nodes`, { ...of("NodeMetrics"), metadata: { name: node }, usage: { cpu: "1500m", memory: "2Gi" } });
    await create(`${api}/namespaces/${namespace}/pods`, {
      ...of("PodMetrics"),
      metadata: { name: pod },
      containers: [
        { name: "a", usage: { cpu: "200m", memory: "1Mi" } },
        { name: "b", usage: { cpu: "50000000n", memory: "1Mi" } },
      ],
    });
  } finally {
    await transport.close();
  }
}
