import type { PipelineRun, PipelineSpec } from "@plimsoll/api";
import { kinds, sparkKinds, vpaKinds } from "@plimsoll/features/kinds";
import { builtin, Cache, gate, isAlreadyExists, mayPass, Transport } from "@plimsoll/kube";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { inject } from "vitest";

const { declare, allow } = gate({ ...builtin, ...kinds, ...sparkKinds, ...vpaKinds });

/** What tests do to a cluster, as its administrator. */
const permissions = declare("tests", [
  allow("create", "namespaces", "each test has its own"),
  allow("create", "serviceaccounts", "pods can be made in them at once"),
  allow(["get", "list", "watch", "create", "patch", "delete"], "pipelineruns.plimsoll.dev", "to start and read runs"),
  allow("patch", "pipelineruns.plimsoll.dev/status", "to end runs where nothing carries them out"),
  allow(["get", "create", "patch", "delete"], "pipelines.plimsoll.dev", "to name a pipeline"),
  allow("patch", "pipelines.plimsoll.dev/status", "to have it remember what nobody has measured"),
  allow(["get", "list", "create", "patch", "delete"], "pipelineschedules.plimsoll.dev", "to schedule runs"),
  allow(["get", "list", "create", "patch", "delete"], "backfills.plimsoll.dev", "to run a range again"),
  allow(["get", "list", "create", "patch", "delete"], "sparkapplications.sparkoperator.k8s.io", "to run applications"),
  allow(["get", "list", "create", "patch", "delete"], "scheduledsparkapplications.sparkoperator.k8s.io", "to schedule applications"),
  allow("list", "services", "to see that none is left"),
  allow("list", "networkpolicies.networking.k8s.io", "to see that none is left"),
  allow(["get", "list", "watch", "create", "patch", "delete"], "pods", "to see what was made, and to be in its way"),
  allow(["get", "create", "delete"], "nodes", "to take a pod's node away"),
  allow("get", "pods/log", "to know how far a step has come"),
  allow(["get", "create", "delete"], "poddisruptionbudgets.policy", "to keep pods from being evicted"),
  allow(["list", "create", "patch"], "leases.coordination.k8s.io", "to be another candidate"),
  allow("list", "events.events.k8s.io", "to see what was told"),
  allow("create", "pods/eviction", "to evict a pod in the middle of a step"),
  allow(["get", "list", "create", "patch", "delete"], "configmaps", "to see which are made, and to be read by steps and sets"),
  allow(["get", "list", "create", "patch", "delete"], "workloadsets.plimsoll.dev", "to have objects kept"),
  allow(["get", "list", "create", "patch", "delete"], "rightsizingpolicies.plimsoll.dev", "to have recommendations"),
  allow("patch", "rightsizingpolicies.plimsoll.dev/status", "to recommend in place of the recommender"),
  allow(
    ["list", "create", "patch", "delete"],
    "verticalpodautoscalers.autoscaling.k8s.io",
    "to see which are made, and to be in their way",
  ),
  allow("create", "horizontalpodautoscalers.autoscaling", "to scale by what is asked for"),
  allow("patch", "workloadsets.plimsoll.dev/status", "to be what a process wrote before it died"),
  allow(["get", "list", "create", "patch", "delete"], "services", "to see what sets have made, and to be in their way"),
  allow(["get", "list", "create", "patch", "delete"], "deployments.apps", "the same"),
  allow(["get", "list", "create", "patch", "delete"], "statefulsets.apps", "the same"),
  allow(["get", "list", "create", "patch", "delete"], "daemonsets.apps", "the same"),
  allow(["get", "list", "create", "patch", "delete"], "jobs.batch", "the same"),
  allow(["get", "list", "create", "patch", "delete"], "cronjobs.batch", "the same"),
  allow("create", "secrets", "to be read by steps"),
  allow(["get", "list"], "persistentvolumeclaims", "to see what was made"),
]);

export type Client = ReturnType<typeof permissions.client>;

/** A place of a test's own in a cluster. */
export interface Place {
  kubeconfig: string;
  client: Client;
  namespace: string;
  /** Starts a run of a pipeline, or of one that the run names. */
  start: (pipeline: PipelineSpec | undefined, more?: Partial<PipelineRun["spec"]> & { name?: string }) => Promise<PipelineRun>;
  /** Waits until a run is as the condition wants it; fails with its state when that takes too long. */
  until: (name: string, condition: (run: PipelineRun) => boolean, seconds?: number) => Promise<PipelineRun>;
  ended: (name: string, seconds?: number) => Promise<PipelineRun>;
  /** Waits until there is no such run any more. */
  gone: (name: string, seconds?: number) => Promise<void>;
}

/** A new namespace, in which only what meets the restricted Pod Security Standard may run, in the shared cluster or another. */
export async function place(kubeconfig = inject("kubeconfig"), namespace = `t-${randomBytes(4).toString("hex")}`): Promise<Place> {
  const client = permissions.client(Transport.fromKubeconfig(kubeconfig, { userAgent: "tests" }));
  await client("namespaces").create({ metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } } });
  await defaultAccount(client, namespace);

  const until: Place["until"] = async (name, condition, seconds = 400) => {
    const end = new AbortController();
    let last: PipelineRun | undefined;
    const found = Promise.withResolvers<PipelineRun>();
    // What the condition throws comes here, too.
    const onError = (error: unknown): void => {
      if (!mayPass(error)) found.reject(error);
    };
    const cache = new Cache(client("pipelineruns.plimsoll.dev"), {
      project: (run) => run,
      select: { namespace, fieldSelector: `metadata.name=${name}` },
      onError,
    });
    cache.on(({ type, object }) => {
      last = object;
      if (type !== "delete" && condition(object)) found.resolve(object);
    });
    const timer = setTimeout(
      () => found.reject(new Error(`run ${name} is not as it should be after ${seconds} s: ${JSON.stringify(last?.status, null, 1)}`)),
      seconds * 1000,
    );
    const watching = cache.start(end.signal);
    try {
      return await found.promise;
    } finally {
      clearTimeout(timer);
      end.abort();
      await watching;
    }
  };

  return {
    kubeconfig,
    client,
    namespace,
    until,
    ended: (name, seconds) => until(name, (run) => run.status?.finishedAt !== undefined, seconds),
    gone: async (name, seconds = 400) => {
      for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(200)) {
        const left = await Array.fromAsync(client("pipelineruns.plimsoll.dev").list({ namespace, fieldSelector: `metadata.name=${name}` }));
        if (left.length === 0) return;
      }
      throw new Error(`run ${name} is still there after ${seconds} s`);
    },
    start: (pipeline, { name, ...more } = {}) =>
      client("pipelineruns.plimsoll.dev").create({
        apiVersion: "plimsoll.dev/v1alpha1",
        kind: "PipelineRun",
        metadata: { namespace, ...(name === undefined ? { generateName: "run-" } : { name }) },
        spec: { ...(pipeline && { pipeline }), ...more },
      }),
  };
}

/** Makes the ServiceAccount that the pods of a new namespace have: the controller manager does so, too, and may be later than a pod. */
export async function defaultAccount(client: Client, namespace: string): Promise<void> {
  await client("serviceaccounts")
    .create({ metadata: { namespace, name: "default" } })
    .catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
}

/** Puts a pipeline's pods on simulated nodes, where each completes at once. */
export const simulated = {
  nodeSelector: { type: "kwok" },
  tolerations: [{ key: "kwok.x-k8s.io/node", operator: "Exists" as const }],
};

/** The phases of a run's steps. */
export function phases(run: PipelineRun): Record<string, string> {
  return Object.fromEntries(Object.entries(run.status?.steps ?? {}).map(([name, { phase }]) => [name, phase]));
}

/** A pod of nobody's, that no node takes, as the restricted Pod Security Standard wants it. */
export function idlePod(namespace: string, name: string): Pod {
  const securityContext = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } };
  const container = { name: "x", image: "busybox", securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } };
  return { metadata: { namespace, name }, spec: { nodeSelector: { none: "such" }, securityContext, containers: [container] } };
}
