import { readManifests, type Manifest, type Problem } from "@plimsoll/api";
import { planOf } from "@plimsoll/features/pipelines";
import { RunError } from "@pulumi/pulumi";
import { readFileSync } from "node:fs";

/** The Pipelines and PipelineRuns of the files that the argument `for` names. A RunError says which file cannot be read, and every problem in it. */
export function manifestsIn(paths: string | readonly string[]): Manifest["object"][] {
  const files = typeof paths === "string" ? [paths] : paths;
  if (files.length === 0) throw new RunError("for: is an empty list: give the files with the pipelines, or leave it out");
  return files.flatMap((file) => {
    const { manifests, problems } = readManifests(textOf(file));
    const found = [...problems, ...manifests.flatMap(problemsOf)];
    if (found.length > 0) throw new RunError(found.map(({ line, field, message }) => ["for", line === undefined ? file : `${file}:${line}`, field, message].filter(Boolean).join(": ")).join("\n"));
    if (manifests.length === 0) throw new RunError(`for: ${file}: holds neither a Pipeline nor a PipelineRun`);
    return manifests.map(({ object }) => object);
  });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new RunError(`for: ${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function problemsOf({ object, lineOf }: Manifest): Problem[] {
  const result = planOf(object);
  if (result === undefined || "plan" in result) return [];
  return result.problems.map((problem) => {
    const line = lineOf(problem.field);
    return line === undefined ? problem : { ...problem, line };
  });
}
