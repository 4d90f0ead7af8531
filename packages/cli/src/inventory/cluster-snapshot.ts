import { kinds } from "@plimsoll/features/kinds";
import { builtin, gate, isForbidden, isNotServed, mayPass, metadataPages, type KubeObject, type Transport } from "@plimsoll/kube";
import {
  autoscalerView,
  budgetView,
  claimView,
  jobView,
  nodeOf,
  nodeUsageOf,
  podOf,
  podUsageOf,
  replicaSetView,
  runHistoryOf,
  runView,
  snapshotVersion,
  volumeView,
  type CustomCount,
  type Snapshot,
} from "@plimsoll/model";
import { UsageError } from "../failure.ts";

const { declare, allow } = gate({ ...builtin, ...kinds });

/** What `plimsoll inventory` and `plimsoll cost` read, as the user who calls them. */
const permissions = declare("cli-inventory", [
  allow("list", "pods", "what is asked for"),
  allow("list", "nodes", "what there is"),
  allow("list", "replicasets.apps", "whose a Deployment's pods are"),
  allow("list", "jobs.batch", "whose a CronJob's pods are"),
  allow("list", "pipelineruns.plimsoll.dev", "whose a run's pods are, and what its steps took"),
  allow("list", "persistentvolumeclaims", "what storage is asked for"),
  allow("list", "persistentvolumes", "what storage there is"),
  allow("list", "poddisruptionbudgets.policy", "which pods may be disturbed"),
  allow("list", "horizontalpodautoscalers.autoscaling", "what scales by itself"),
  allow("list", "nodes.metrics.k8s.io", "what nodes use"),
  allow("list", "pods.metrics.k8s.io", "what pods use"),
]);

/** What is read, and who is told of it. */
export interface Reading {
  /** Pods, runs, claims and the like of this namespace alone. */
  namespace?: string | undefined;
  /** Custom resources that are counted, as in `rayclusters.v1.ray.io`. */
  custom?: readonly string[] | undefined;
  now: Date;
  /** Told what is being read, and how much has been. */
  onProgress: (what: string, count: number) => void;
}

/**
 * A cluster as it is, as far as the user may read it. What may not be read, or isn't there, is left out, and a note says so; without the right to
 * list pods there is nothing to show, and that is thrown.
 */
export async function clusterSnapshot(transport: Transport, reading: Reading): Promise<{ snapshot: Snapshot; notes: string[] }> {
  const client = permissions.client(transport);
  const { namespace, now } = reading;
  const where = namespace === undefined ? {} : { namespace };
  const notes: string[] = [];
  const read = async <T extends KubeObject, V>(
    what: string,
    kind: { list: (options: object) => AsyncIterable<T> },
    project: (object: T) => V,
    within: object,
  ) => {
    const found: V[] = [];
    for await (const object of kind.list(within)) {
      found.push(project(object));
      reading.onProgress(what, found.length);
    }
    return found;
  };
  const orNone = async <V>(what: string, listing: Promise<V[]>): Promise<V[]> =>
    listing.catch((error: unknown) => {
      if (isForbidden(error)) notes.push(`${what} may not be read, and are left out`);
      else if (!isNotServed(error)) throw error;
      return [];
    });

  const pods = await read("pods", client("pods"), podOf, where);
  const nodes = await orNone("nodes", read("nodes", client("nodes"), nodeOf, {}));
  const replicaSets = await orNone("ReplicaSets", read("ReplicaSets", client("replicasets.apps"), replicaSetView.project, where));
  const jobs = await orNone("Jobs", read("Jobs", client("jobs.batch"), jobView.project, where));
  const runs = await orNone(
    "PipelineRuns",
    read("PipelineRuns", client("pipelineruns.plimsoll.dev"), (run) => ({ view: runView.project(run), history: runHistoryOf(run) }), where),
  );
  const claims = await orNone("PersistentVolumeClaims", read("claims", client("persistentvolumeclaims"), claimView.project, where));
  const volumes = await orNone("PersistentVolumes", read("volumes", client("persistentvolumes"), volumeView.project, {}));
  const budgets = await orNone("PodDisruptionBudgets", read("budgets", client("poddisruptionbudgets.policy"), budgetView.project, where));
  const autoscalers = await orNone(
    "HorizontalPodAutoscalers",
    read("autoscalers", client("horizontalpodautoscalers.autoscaling"), autoscalerView.project, where),
  );
  const usage = await used();

  async function used(): Promise<Snapshot["usage"]> {
    try {
      const ofPods = await read("what pods use", client("pods.metrics.k8s.io"), podUsageOf, where);
      const ofNodes = namespace === undefined ? await read("what nodes use", client("nodes.metrics.k8s.io"), nodeUsageOf, {}) : [];
      return { nodes: ofNodes, pods: ofPods };
    } catch (error) {
      if (!isForbidden(error) && !isNotServed(error) && !mayPass(error)) throw error;
      notes.push(
        isForbidden(error)
          ? "what is used may not be read (metrics.k8s.io), and is left out"
          : "metrics.k8s.io doesn't answer: what is used isn't known; a metrics server tells it",
      );
      return undefined;
    }
  }

  const snapshot: Snapshot = {
    version: snapshotVersion,
    takenAt: now.toISOString(),
    kubernetes: await versionOf(transport),
    nodes,
    pods,
    controllers: [...replicaSets, ...jobs, ...runs.map(({ view }) => view)],
    claims,
    volumes,
    budgets,
    autoscalers,
    usage,
    custom: await counts(transport, reading),
    runs: runs.map(({ history }) => history),
  };
  return { snapshot, notes };
}

async function versionOf(transport: Transport): Promise<string> {
  const answer = await transport.request<{ gitVersion?: unknown }>({ method: "GET", path: "/version" });
  return typeof answer.gitVersion === "string" ? answer.gitVersion : "";
}

async function counts(transport: Transport, { custom = [], onProgress }: Reading): Promise<CustomCount[]> {
  const found: CustomCount[] = [];
  for (const text of custom) {
    const [, plural, version, group] = /^([^.]+)\.(v\d+(?:(?:alpha|beta)\d+)?)\.(.+)$/.exec(text) ?? [];
    if (plural === undefined || version === undefined || group === undefined)
      throw new UsageError(`--custom ${text}: write resource, version and group, as in rayclusters.v1.ray.io`);
    const byNamespace = new Map<string, number>();
    let count = 0;
    for await (const { items } of metadataPages(transport, { group, version, plural }, new AbortController().signal))
      for (const { metadata } of items) {
        byNamespace.set(metadata.namespace ?? "", (byNamespace.get(metadata.namespace ?? "") ?? 0) + 1);
        onProgress(text, (count += 1));
      }
    for (const [namespace, count] of byNamespace) found.push({ group, resource: plural, namespace, count });
  }
  return found;
}
