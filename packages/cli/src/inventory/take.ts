import { allow, declare } from "@plimsoll/features/kinds";
import { ApiError, isForbidden, isNotFound, type KubeObject, type ListOptions, type Stored, type Transport } from "@plimsoll/kube";
import {
  autoscalerView,
  budgetOf,
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
  type Snapshot,
} from "@plimsoll/model";
import { Failure } from "../failure.ts";
import { countCustom } from "./custom.ts";

/** What the commands about what there is read, as the user who calls them. */
const permissions = declare("cli-inventory", [
  allow("list", "nodes", "what there is for pods, and what it costs"),
  allow("list", "pods", "what is asked for, and by whom"),
  allow("list", "replicasets.apps", "a Deployment's pods"),
  allow("list", "jobs.batch", "a CronJob's pods"),
  allow("list", "pipelineruns.plimsoll.dev", "a run's pods, and those that it had"),
  allow("list", "nodes.metrics.k8s.io", "what nodes use"),
  allow("list", "pods.metrics.k8s.io", "what pods use"),
  allow("list", "persistentvolumeclaims", "inventory --snapshot"),
  allow("list", "persistentvolumes", "inventory --snapshot"),
  allow("list", "poddisruptionbudgets.policy", "inventory --snapshot"),
  allow("list", "horizontalpodautoscalers.autoscaling", "inventory --snapshot"),
]);

/** What is to be read, and whom to tell what. */
export interface Taking {
  /** Read only what is in this namespace; nodes are in none. */
  namespace?: string | undefined;
  /** Whether all is read that a snapshot has, or only what tables are made of. */
  isWhole: boolean;
  /** Told how many objects have been read by now. */
  onRead: (objects: number) => void;
  /** Told what can't be read, and what comes of that. */
  note: (text: string) => void;
}

/** Takes a snapshot of a cluster. What the user may not read is noted and left out; pods may not be. */
export async function takeSnapshot(transport: Transport, { namespace, isWhole, onRead, note }: Taking): Promise<Snapshot> {
  const client = permissions.client(transport);
  const missing: string[] = [];
  let objects = 0;

  const read = async <T extends KubeObject, V>(
    { list }: { list: (options: ListOptions) => AsyncIterable<Stored<T>> },
    project: (object: Stored<T>) => V,
    where: ListOptions = { namespace },
  ): Promise<V[]> => {
    const found: V[] = [];
    for await (const object of list(where)) {
      found.push(project(object));
      onRead((objects += 1));
    }
    return found;
  };
  /** What isn't allowed is left out, and what isn't served is empty. */
  const ifAllowed = async <V>(resource: string, without: string, reading: Promise<V[]>): Promise<V[]> => {
    try {
      return await reading;
    } catch (error) {
      if (isNotFound(error)) return [];
      if (!isForbidden(error)) throw error;
      missing.push(resource);
      note(`you may not list ${resource}${namespace === undefined ? "" : ` (in "${namespace}", or at all)`}: ${without}`);
      return [];
    }
  };
  const onlyWhole = async <V>(reading: () => Promise<V[]>): Promise<V[]> => (isWhole ? reading() : []);

  const [takenAt, pods, nodes, replicaSets, jobs, runs, usage, claims, volumes, budgets, autoscalers, custom, kubernetes] =
    await Promise.all([
      new Date().toISOString(),
      read(client("pods"), podOf).catch((error: unknown) => {
        throw isForbidden(error) && namespace === undefined
          ? new Failure(`you may not list the pods of all namespaces; name one that you may look into: -n NAMESPACE (${error.message})`)
          : error;
      }),
      ifAllowed("nodes", "nothing is known of nodes, nor of what they cost", read(client("nodes"), nodeOf, {})),
      ifAllowed(
        "replicasets.apps",
        "a Deployment's pods count for its ReplicaSets",
        read(client("replicasets.apps"), replicaSetView.project),
      ),
      ifAllowed("jobs.batch", "a CronJob's pods count for its Jobs", read(client("jobs.batch"), jobView.project)),
      ifAllowed(
        "pipelineruns.plimsoll.dev",
        "pods are of no pipeline, and what runs have cost is known by the pods that are there",
        read(client("pipelineruns.plimsoll.dev"), (run) => ({ view: runView.project(run), history: runHistoryOf(run) })),
      ),
      usageIn(),
      onlyWhole(() => ifAllowed("persistentvolumeclaims", "none is in it", read(client("persistentvolumeclaims"), claimView.project))),
      onlyWhole(() => ifAllowed("persistentvolumes", "none is in it", read(client("persistentvolumes"), volumeView.project, {}))),
      onlyWhole(() => ifAllowed("poddisruptionbudgets.policy", "none is in it", read(client("poddisruptionbudgets.policy"), budgetOf))),
      onlyWhole(() =>
        ifAllowed(
          "horizontalpodautoscalers.autoscaling",
          "none is in it",
          read(client("horizontalpodautoscalers.autoscaling"), autoscalerView.project),
        ),
      ),
      isWhole ? countCustom(transport, { namespace, note, onRead: (count) => onRead(objects + count) }) : { counts: [], missing: [] },
      isWhole ? versionOf(transport) : "",
    ]);

  /** A metrics server may be lacking, or not answer. */
  async function usageIn(): Promise<Snapshot["usage"]> {
    try {
      const pods = await read(client("pods.metrics.k8s.io"), podUsageOf);
      const nodes = await ifAllowed(
        "nodes.metrics.k8s.io",
        "what nodes use isn't shown",
        read(client("nodes.metrics.k8s.io"), nodeUsageOf, {}),
      );
      return { nodes, pods };
    } catch (error) {
      if (!(error instanceof ApiError) || ![403, 404, 503].includes(error.code)) throw error;
      note(
        isForbidden(error)
          ? "you may not list pods.metrics.k8s.io: nothing is shown as used"
          : "metrics.k8s.io doesn't answer, as without a metrics server: nothing is shown as used",
      );
      return undefined;
    }
  }

  return {
    version: snapshotVersion,
    takenAt,
    kubernetes,
    nodes,
    pods,
    controllers: [...replicaSets, ...jobs, ...runs.map(({ view }) => view)],
    claims,
    volumes,
    budgets,
    autoscalers,
    usage,
    custom: custom.counts,
    history: { runs: runs.map(({ history }) => history) },
    ...(missing.length + custom.missing.length > 0 ? { missing: [...missing, ...custom.missing] } : {}),
  };
}

/** The API server's; empty where nobody may ask. */
async function versionOf(transport: Transport): Promise<string> {
  try {
    return (await transport.request<{ gitVersion?: string }>({ method: "GET", path: "/version" })).gitVersion ?? "";
  } catch (error) {
    if (error instanceof ApiError) return "";
    throw error;
  }
}
