import { isAlreadyExists, isNotFound, Transport } from "@plimsoll/kube";
import { setTimeout as sleep } from "node:timers/promises";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const api = "/apis/metrics.k8s.io/v1beta1";
const of = (kind: string): object => ({ apiVersion: "metrics.k8s.io/v1beta1", kind });

interface ContainerUsage {
  name: string;
  usage: Record<string, unknown>;
}

/**
 * Has a cluster without a metrics server answer for metrics.k8s.io: its kinds are defined there, so that usage is objects of the API server's own,
 * and a pod uses what is written here.
 */
export async function writeUsage(
  kubeconfig: string,
  { node, namespace, pod }: { node: string; namespace: string; pod: string },
): Promise<void> {
  await writing(kubeconfig, async (create) => {
    await create(`${api}/nodes`, { ...of("NodeMetrics"), metadata: { name: node }, usage: { cpu: "1500m", memory: "2Gi" } });
    await create(`${api}/namespaces/${namespace}/pods`, {
      ...of("PodMetrics"),
      metadata: { name: pod },
      containers: [
        { name: "a", usage: { cpu: "200m", memory: "1Mi" } },
        { name: "b", usage: { cpu: "50000000n", memory: "1Mi" } },
      ],
    });
  });
}

/** The same for what the containers of a pod use, measured at a time; in place of what was said of the pod before. */
export async function writeSample(
  kubeconfig: string,
  {
    namespace,
    pod,
    containers,
    timestamp = new Date().toISOString(),
  }: { namespace: string; pod: string; containers: ContainerUsage[]; timestamp?: string },
): Promise<void> {
  await writing(kubeconfig, async (create, remove) => {
    const path = `${api}/namespaces/${namespace}/pods`;
    await remove(`${path}/${pod}`);
    await create(path, { ...of("PodMetrics"), metadata: { name: pod }, timestamp, window: "15s", containers });
  });
}

/** Takes the kinds away again: metrics.k8s.io answers no more. */
export async function endUsage(kubeconfig: string): Promise<void> {
  await writing(kubeconfig, async (_, remove) => {
    for (const plural of ["nodes", "pods"]) await remove(`${definitions}/${plural}.metrics.k8s.io`);
  });
}

async function writing(
  kubeconfig: string,
  work: (create: (path: string, body: object) => Promise<void>, remove: (path: string) => Promise<void>) => Promise<void>,
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
  const remove = async (path: string): Promise<void> => {
    await transport.request({ method: "DELETE", path }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  };
  /** Usage is written to kinds that are there. */
  const createIn = async (path: string, body: object): Promise<void> => {
    for (const [kind, plural, scope] of [
      ["NodeMetrics", "nodes", "Cluster"],
      ["PodMetrics", "pods", "Namespaced"],
    ] as const)
      await create(definitions, definition(kind, plural, scope));
    await create(path, body);
  };
  try {
    await work(createIn, remove);
  } finally {
    await transport.close();
  }
}

function definition(kind: string, plural: string, scope: string): object {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.metrics.k8s.io`, annotations: { "api-approved.kubernetes.io": "unapproved, for a test" } },
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
  };
}
