import { formatProblem, readManifests, type Manifest } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube";
import { readFile } from "node:fs/promises";
import { UsageError } from "./failure.ts";

/** The text of a file, or of standard input for `-`. */
export async function readSource(file: string): Promise<string> {
  if (file === "-") {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks).toString("utf8");
  }
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file}: cannot be read: ${messageOf(error)}`);
  }
}

/** The objects of a file; a UsageError names every problem where there is one. */
export function readManifest(file: string, text: string): Manifest["object"][] {
  const { manifests, problems } = readManifests(text);
  if (problems.length > 0) throw new UsageError(problems.map((problem) => formatProblem(file, problem)).join("\n       "));
  return manifests.map(({ object }) => object);
}
