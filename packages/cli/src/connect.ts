import type { PipelineRun } from "@plimsoll/api";
import { gate, loadTransport, builtin, isNotFound } from "@plimsoll/kube";
import { kinds } from "@plimsoll/features/kinds";
import type { ClusterOptions } from "./cluster-options.ts";
import { Failure } from "./failure.ts";

const { declare, allow } = gate({ ...builtin, ...kinds });

/** What the commands do to a cluster, as the user who calls them. */
const permissions = declare("cli", [
  allow(["get", "list", "watch", "create", "patch", "delete"], "pipelineruns.plimsoll.dev", "run, list, get, cancel and delete"),
  allow("get", "pipelines.plimsoll.dev", "run NAME: the types of its parameters"),
  allow(["list", "watch"], "pods", "logs: the pods of a run's steps"),
  allow("get", "pods/log", "logs"),
]);

export type Client = ReturnType<typeof permissions.client>;

/** Connects to the cluster that the options name. The caller closes the connection. */
export async function connect(options: ClusterOptions): Promise<{ client: Client; namespace: string; close: () => Promise<void> }> {
  const { kubeconfig, context } = options;
  const transport = await loadTransport({ kubeconfig, ...(context === undefined ? {} : { context }), userAgent: "plimsoll-cli" });
  return { client: permissions.client(transport), namespace: options.namespace ?? transport.namespace, close: () => transport.close() };
}

/** Runs `work` with a connection and closes it afterwards. */
export async function connected<T>(options: ClusterOptions, work: (client: Client, namespace: string) => Promise<T>): Promise<T> {
  const { client, namespace, close } = await connect(options);
  try {
    return await work(client, namespace);
  } finally {
    await close();
  }
}

/** Reads a run, or fails with what to do when there is none of that name. */
export async function getRun(client: Client, namespace: string, name: string): Promise<PipelineRun> {
  try {
    return await client("pipelineruns.plimsoll.dev").get({ namespace, name });
  } catch (error) {
    if (isNotFound(error)) throw new Failure(`no run "${name}" in namespace "${namespace}": see \`plimsoll list -n ${namespace}\` or \`plimsoll list -A\``);
    throw error;
  }
}
