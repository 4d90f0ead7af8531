import { gate, builtin, isNotServed, type Transport } from "@plimsoll/kube";
import { kinds, sparkKinds } from "@plimsoll/features/kinds";
import type { ClusterOptions } from "./cluster-options.ts";
import { Failure } from "../failure.ts";
import { opened } from "./open.ts";

const { declare, allow } = gate({ ...builtin, ...kinds, ...sparkKinds });

/** What the commands do to a cluster, as the user who calls them. */
const permissions = declare("cli", [
  allow(["get", "list", "watch", "create", "patch", "delete"], "pipelineruns.plimsoll.dev", "run, list, get, cancel and delete"),
  allow(["get", "list", "patch"], "pipelineschedules.plimsoll.dev", "schedules: list, run, suspend and resume"),
  allow(["get", "list", "create", "patch"], "backfills.plimsoll.dev", "backfill: create, list, cancel and resume"),
  allow(["get", "list", "watch", "patch", "delete"], "workloadsets.plimsoll.dev", "workloads: apply, diff, status and delete"),
  allow("list", "rightsizingpolicies.plimsoll.dev", "rightsizing"),
  allow("get", "configmaps", "workloads diff: the manifests of a set's source"),
  allow("get", "pipelines.plimsoll.dev", "run NAME: the types of its parameters"),
  allow(["list", "watch"], "pods", "logs: the pods of a run's steps"),
  allow("get", "pods/log", "logs"),
  allow(["get", "list", "patch"], "sparkapplications.sparkoperator.k8s.io", "spark: list, status, logs, ui, kill and resume"),
  allow(["get", "list", "watch", "create", "patch", "delete"], "drains.plimsoll.dev", "drain, undrain"),
  allow(
    ["get", "list"],
    "nodes",
    "drain: whether they are there; drain --dry-run: where there is room; rightsizing --prices: what they cost",
  ),
  allow("list", "poddisruptionbudgets.policy", "drain --dry-run: which pods may be evicted"),
  allow("list", "persistentvolumeclaims", "drain --dry-run: which volumes a pod has"),
  allow("list", "persistentvolumes", "drain --dry-run: from which nodes these can be reached"),
  allow("list", "jobs.batch", "drain --dry-run --wait-for-jobs: when the time limits of Jobs end their pods"),
  allow("list", "horizontalpodautoscalers.autoscaling", "drain --dry-run --surge: which Deployments are given no further replica"),
]);

export type Client = ReturnType<typeof permissions.client>;

/** Runs `work` with a client of the cluster, and the namespace, that the options name. */
export async function connected<T>(
  options: ClusterOptions,
  work: (client: Client, namespace: string, transport: Transport) => Promise<T>,
): Promise<T> {
  return opened(options, async (transport) => {
    try {
      return await work(permissions.client(transport), options.namespace ?? transport.namespace, transport);
    } catch (error) {
      if (isNotServed(error))
        throw new Failure(`this cluster doesn't know Plimsoll's kinds; docs/install.md defines them: ${error.message}`);
      throw error;
    }
  });
}
