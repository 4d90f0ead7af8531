import type { z } from "zod";
import { readDocuments, withLines, type TextDocument } from "./documents.ts";
import { apiVersion, pipeline, type Pipeline } from "./pipeline.ts";
import { problemsIn, type Problem } from "./problem.ts";
import { pipelineRun, type PipelineRun } from "./run.ts";

/** An object of a file, with the line that a field stands in. */
export interface Manifest extends Pick<TextDocument, "lineOf"> {
  object: Pipeline | PipelineRun;
}

const schemas = new Map<unknown, z.ZodType<Pipeline | PipelineRun>>([
  ["Pipeline", pipeline],
  ["PipelineRun", pipelineRun],
]);

/** Reads the Pipelines and PipelineRuns of a YAML or JSON text. What cannot be read becomes problems; the rest is still given. */
export function readManifests(text: string): { manifests: Manifest[]; problems: Problem[] } {
  const { documents, problems } = readDocuments(text);
  const items = documents.flatMap(itemsOf);
  if (items.length === 0 && problems.length === 0)
    return { manifests: [], problems: [{ path: [], message: "the file is empty: give a Pipeline or a PipelineRun" }] };
  const manifests: Manifest[] = [];
  for (const { value, lineOf } of items) {
    const { object, found } = readObject(value);
    problems.push(...withLines(found, lineOf));
    if (object !== undefined) manifests.push({ object, lineOf });
  }
  return { manifests, problems };
}

/** The items of a List, as kubectl prints several objects; else the document itself. */
function itemsOf(document: TextDocument): TextDocument[] {
  const { value, lineOf } = document;
  if (typeof value !== "object" || value === null || !("items" in value) || !Array.isArray(value.items)) return [document];
  if (!("kind" in value) || value.kind !== "List") return [document];
  return value.items.map((item: unknown, index) => ({ value: item, lineOf: (path) => lineOf(["items", index, ...path]) }));
}

function readObject(value: unknown): { object?: Pipeline | PipelineRun; found: Problem[] } {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { found: [{ path: [], message: "not an object: give a Pipeline or a PipelineRun" }] };
  const kind = "kind" in value ? value.kind : undefined;
  const version = "apiVersion" in value ? value.apiVersion : undefined;
  if (version !== apiVersion) return { found: [{ path: ["apiVersion"], message: `${shown(version)}: must be ${apiVersion}` }] };
  const schema = schemas.get(kind);
  if (schema === undefined) {
    return { found: [{ path: ["kind"], message: `${shown(kind)}: must be Pipeline or PipelineRun` }] };
  }
  const found = problemsIn(schema, value);
  return found.length > 0 ? { found } : { object: schema.parse(value), found };
}

function shown(value: unknown): string {
  return value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
}
