import { workloadSet, type Problem, type WorkloadSet } from "@plimsoll/api";
import { parseValue } from "@plimsoll/features/pipelines";
import { findingsOf } from "@plimsoll/features/workloads/lint";
import { check, readManifest } from "../manifest.ts";
import { nameOf, orMissing } from "../connect/missing.ts";

/** Reads a set's name. */
export const setName = nameOf("workloadset");

/** What `work` gives; where there is no such set, it fails with what to do. */
export function withSet<T>(name: string, namespace: string, work: Promise<T>): Promise<T> {
  return orMissing(
    work,
    `no workload set "${name}" in namespace "${namespace}": see \`plimsoll workloads -n ${namespace}\` or \`plimsoll workloads -A\``,
  );
}

/** The sets of files, each in its namespace; a UsageError names every problem that can be told without a cluster. */
export async function readSets(files: readonly string[], namespace: string): Promise<WorkloadSet[]> {
  const sets: WorkloadSet[] = [];
  for (const file of files)
    for (const { object, lineOf } of await readManifest(file, [workloadSet])) {
      const set = { ...object, metadata: { ...object.metadata, namespace: object.metadata.namespace ?? namespace } };
      check(file, [...nameless(set), ...findingsOf({ object: set, lineOf }, parseValue).problems]);
      sets.push(set);
    }
  return sets;
}

function nameless({ metadata }: WorkloadSet): Problem[] {
  return metadata.name === undefined ? [{ path: ["metadata", "name"], message: "is missing: what is applied has a name of its own" }] : [];
}
