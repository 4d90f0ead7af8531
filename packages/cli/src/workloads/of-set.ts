import { workloadSet, type Problem, type WorkloadSet } from "@plimsoll/api";
import { parseValue } from "@plimsoll/features/pipelines";
import { findingsOf } from "@plimsoll/features/workloads/lint";
import { Failure } from "../failure.ts";
import { check, readManifest } from "../manifest.ts";
import { isMissing } from "../runs.ts";

/** A set's name, also where it is given as `-o name` and kubectl print it: with its kind before it. */
export function setName(text: string): string {
  return text.replace(/^workloadsets?(\.plimsoll\.dev)?\//, "");
}

/** What `work` gives; where there is no such set, it fails with what to do. */
export async function withSet<T>(name: string, namespace: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new Failure(
      `no workload set "${name}" in namespace "${namespace}": see \`plimsoll workloads -n ${namespace}\` or \`plimsoll workloads -A\``,
    );
  }
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
