import { decodeText, EncodingError, formatProblem, readManifests, type Pipeline, type PipelineRun } from "@plimsoll/api";
import { pipelineKinds, problemsOf } from "@plimsoll/features/pipelines";
import { RunError } from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { checkNames } from "./arguments.ts";

/** The Pipelines and PipelineRuns of the files that the argument `for` names. A RunError says which file cannot be read, and every problem in it. */
export function manifestsIn(paths: string | readonly string[]): (Pipeline | PipelineRun)[] {
  const files = typeof paths === "string" ? [paths] : paths;
  checkNames("for", files, checkPath);
  if (files.length === 0) throw new RunError("for: is an empty list: give the files with the pipelines, or leave it out");
  return files.flatMap((file) => {
    const { manifests, problems } = readManifests(textOf(file), pipelineKinds);
    const found = [...problems, ...manifests.flatMap(problemsOf)];
    if (found.length > 0) throw new RunError(found.map((problem) => `for: ${formatProblem(file, problem)}`).join("\n"));
    return manifests.map(({ object }) => object);
  });
}

function checkPath(path: unknown): void {
  if (typeof path !== "string") throw new Error(`is ${JSON.stringify(path)}: give the path of a file`);
}

function textOf(file: string): string {
  try {
    return decodeText(readFileSync(file));
  } catch (error) {
    if (error instanceof EncodingError) throw new RunError(`for: ${file}:${error.line}: ${error.message}`);
    throw new RunError(`for: ${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
