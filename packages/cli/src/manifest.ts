import { formatProblem, readManifests, type Kind, type Manifest, type ObjectOf, type Problem } from "@plimsoll/api";
import { UsageError } from "./failure.ts";
import { readSource } from "./source-text.ts";
import { visible } from "./output/visible.ts";

/** The objects of a file, which must be of certain kinds; a UsageError names every problem where there is one. */
export async function readManifest<K extends Kind>(file: string, accepted: readonly K[]): Promise<Manifest<ObjectOf<K>>[]> {
  const { manifests, problems } = readManifests(await readSource(file), accepted);
  check(file, problems);
  return manifests;
}

/** Throws a UsageError that names every problem, if there is one. */
export function check(source: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new UsageError(problems.map((problem) => visible(formatProblem(source, problem))).join("\n       "));
}
