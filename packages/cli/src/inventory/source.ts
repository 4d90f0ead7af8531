import { matches, readSnapshot, SnapshotError, type Snapshot } from "@plimsoll/model";
import type { Command } from "commander";
import { withCluster, type ClusterOptions } from "../cluster-options.ts";
import { UsageError } from "../failure.ts";
import { readSource } from "../manifest.ts";
import { statusOn } from "../status-line.ts";
import { parseSelector } from "../label-selector.ts";

/** Where the figures come from, as the user says. */
export interface SourceOptions extends ClusterOptions {
  from?: string;
  selector?: string;
  custom?: string[];
}

/** Adds the options that choose what is looked at: a cluster, or a snapshot of one. */
export function withSource(command: Command): Command {
  return withCluster(command)
    .option("--from <file>", "a snapshot (of --snapshot) instead of a cluster; - is standard input")
    .option("-l, --selector <labels>", "only pods with these labels, as in team=a,tier!=web");
}

/** The snapshot that is to be looked at. What it lacks is told on stderr. Throws a UsageError for what is no snapshot. */
export async function sourceOf(options: SourceOptions): Promise<Snapshot> {
  const { from, namespace, selector } = options;
  const wanted = selector === undefined ? undefined : parseSelector(selector);
  const snapshot = from === undefined ? await ofCluster(options) : await ofFile(from);
  if (wanted === undefined && (from === undefined || namespace === undefined)) return snapshot;
  const pods = snapshot.pods.filter(
    (pod) => (namespace === undefined || pod.namespace === namespace) && (wanted === undefined || matches(wanted, pod.shape.labels)),
  );
  return { ...snapshot, pods };
}

async function ofFile(file: string): Promise<Snapshot> {
  try {
    return readSnapshot(await readSource(file));
  } catch (error) {
    if (error instanceof SnapshotError) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}

async function ofCluster({ kubeconfig, context, namespace, custom }: SourceOptions): Promise<Snapshot> {
  // What talks to a cluster takes longer to load than a file takes to read.
  const [{ opened }, { clusterSnapshot }] = await Promise.all([import("../open.ts"), import("./cluster-snapshot.ts")]);
  const status = statusOn(process.stderr, () => Date.now());
  try {
    const { snapshot, notes } = await opened({ kubeconfig, context }, (transport) =>
      clusterSnapshot(transport, {
        namespace,
        custom,
        now: new Date(),
        onProgress: (what, count) => status.show(() => `${what}: ${count}`),
      }),
    );
    status.end();
    for (const note of notes) console.error(`note: ${note}`);
    return snapshot;
  } finally {
    status.end();
  }
}
