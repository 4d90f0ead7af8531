import { matches, readSnapshot, SnapshotError, type Labels, type PodView, type Snapshot } from "@plimsoll/model";
import type { Transport } from "@plimsoll/kube";
import type { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { UsageError } from "../failure.ts";
import { readSource } from "../source-text.ts";
import { opened } from "../connect/open.ts";
import { progressLine } from "../output/progress.ts";
import { visible } from "../output/visible.ts";
import { parseSelector } from "../connect/label-selector.ts";
import { takeSnapshot, type Taking } from "./take.ts";

/** Where from, and of what, as the user says. */
export interface SourceOptions extends ClusterOptions {
  from?: string;
  allNamespaces?: boolean;
  selector?: string;
}

/** A snapshot, and which of it is asked for. */
export interface Chosen {
  snapshot: Snapshot;
  /** Undefined: all. */
  isChosen: ((labels: Labels) => boolean) | undefined;
  hasNamespace: (namespace: string) => boolean;
  /** Whether a pod is asked for; undefined: all are. */
  hasPod: ((pod: PodView) => boolean) | undefined;
}

/** Adds the options that say where from, and of what. */
export function withSource(command: Command): Command {
  return withCluster(command)
    .option("-A, --all-namespaces", "of every namespace, which is the default; goes before -n")
    .option("-l, --selector <labels>", "only pods with these labels, as in team=a; of nodes, only nodes with these")
    .option("--from <file>", "read a snapshot instead of a cluster; - is standard input");
}

/** Reads what is asked for, of a cluster or of a snapshot. What can't be read is told on stderr. */
export async function readChosen(options: SourceOptions, { isWhole = false } = {}): Promise<Chosen> {
  const namespace = options.allNamespaces ? undefined : options.namespace;
  const isChosen = options.selector === undefined ? undefined : chooser(options.selector);
  const snapshot = options.from === undefined ? await taken(options, namespace, isWhole) : await readFrom(options.from, options);
  const hasNamespace = (name: string): boolean => namespace === undefined || name === namespace;
  const hasPod =
    namespace === undefined && isChosen === undefined
      ? undefined
      : (pod: PodView) => hasNamespace(pod.namespace) && (isChosen?.(pod.shape.labels) ?? true);
  return { snapshot, isChosen, hasNamespace, hasPod };
}

async function taken(options: SourceOptions, namespace: string | undefined, isWhole: boolean): Promise<Snapshot> {
  return reading(options, (transport, telling) => takeSnapshot(transport, { namespace, isWhole, ...telling }));
}

/** Reads of a cluster: how many objects by now is shown after a while, and what can't be read is told at the end. */
export async function reading<T>(
  options: ClusterOptions,
  read: (transport: Transport, telling: Pick<Taking, "onRead" | "note">) => Promise<T>,
): Promise<T> {
  const line = progressLine(process.stderr, Date.now);
  const notes: string[] = [];
  try {
    return await opened(options, (transport) =>
      read(transport, { onRead: (objects) => line.show(() => `${objects} objects read`), note: (text) => notes.push(text) }),
    );
  } finally {
    line.end();
    notes.forEach(note);
  }
}

/** Reads a snapshot from a file. What whoever took it couldn't read is told on stderr. */
export async function readFrom(file: string, { kubeconfig, context }: ClusterOptions): Promise<Snapshot> {
  if (kubeconfig !== undefined || context !== undefined)
    throw new UsageError("--from reads no cluster: leave --kubeconfig and --context out");
  const text = await readSource(file);
  try {
    const snapshot = readSnapshot(text);
    for (const resource of snapshot.missing ?? []) note(`the snapshot was taken by somebody who may not list ${resource}`);
    return snapshot;
  } catch (error) {
    if (error instanceof SnapshotError) throw new UsageError(`${file === "-" ? "standard input" : file}: ${error.message}`);
    throw error;
  }
}

/** Tells on stderr what the figures leave out. */
export function note(text: string): void {
  console.error(`note: ${visible(text)}`);
}

/** Whether labels meet a selector. Throws a UsageError for what is none. */
function chooser(text: string): (labels: Labels) => boolean {
  const selector = parseSelector(text);
  return (labels) => matches(selector, labels);
}
