import { formatProblem, readManifests, type Kind, type Manifest, type ObjectOf, type Problem } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube/message";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { UsageError } from "./failure.ts";

/** The text of a file, or of standard input for `-`. */
export function readText(file: string): Promise<string> {
  return file === "-" ? text(process.stdin) : readFile(file, "utf8");
}

/** The same. A UsageError says why it can't be read. */
export async function readSource(file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (error) {
    throw new UsageError(`${file}: cannot be read: ${messageOf(error)}`);
  }
}

/** The objects of a file, which must be of certain kinds; a UsageError names every problem where there is one. */
export async function readManifest<K extends Kind>(file: string, accepted: readonly K[]): Promise<Manifest<ObjectOf<K>>[]> {
  const { manifests, problems } = readManifests(await readSource(file), accepted);
  check(file, problems);
  return manifests;
}

/** Throws a UsageError that names every problem, if there is one. */
export function check(source: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new UsageError(problems.map((problem) => formatProblem(source, problem)).join("\n       "));
}
