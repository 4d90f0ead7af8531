import { isScalar, LineCounter, parseAllDocuments, type Document } from "yaml";
import type { z } from "zod";
import { apiVersion, pipeline, type Pipeline } from "./pipeline.ts";
import { problemsIn, type Problem } from "./problem.ts";
import { pipelineRun, type PipelineRun } from "./run.ts";

/** An object of a file, with the line that a field stands in. */
export interface Manifest {
  object: Pipeline | PipelineRun;
  lineOf: (field: string) => number | undefined;
}

const schemas = new Map<unknown, z.ZodType<Pipeline | PipelineRun>>([
  ["Pipeline", pipeline],
  ["PipelineRun", pipelineRun],
]);

/** Reads the Pipelines and PipelineRuns of a YAML or JSON text. What cannot be read becomes problems; the rest is still given. */
export function readManifests(text: string): { manifests: Manifest[]; problems: Problem[] } {
  const lines = new LineCounter();
  const manifests: Manifest[] = [];
  const problems: Problem[] = [];
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  if (!Array.isArray(documents))
    return { manifests, problems: [{ field: "", message: "the file is empty: give a Pipeline or a PipelineRun" }] };
  for (const document of documents) {
    if (document.errors.length > 0) {
      for (const error of document.errors)
        problems.push({ field: "", message: `not YAML: ${error.message}`, line: lines.linePos(error.pos[0]).line });
      continue;
    }
    if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) continue;
    const lineOf = (field: string): number | undefined => lineOfField(document, field, lines);
    const { object, found } = readObject(document);
    problems.push(...found.map((problem) => withLine(problem, lineOf(problem.field))).sort((a, b) => (a.line ?? 0) - (b.line ?? 0)));
    if (object !== undefined) manifests.push({ object, lineOf });
  }
  return { manifests, problems };
}

function withLine(problem: Problem, line: number | undefined): Problem {
  return line === undefined ? problem : { ...problem, line };
}

function readObject(document: Document): { object?: Pipeline | PipelineRun; found: Problem[] } {
  try {
    return parseObject(document.toJS());
  } catch (error) {
    // Aliases that stand for more than they should, or for nothing.
    return { found: [{ field: "", message: `not YAML that can be read: ${error instanceof Error ? error.message : String(error)}` }] };
  }
}

function parseObject(value: unknown): { object?: Pipeline | PipelineRun; found: Problem[] } {
  if (typeof value !== "object" || value === null)
    return { found: [{ field: "", message: "not an object: give a Pipeline or a PipelineRun" }] };
  const kind = "kind" in value ? value.kind : undefined;
  if (!("apiVersion" in value) || value.apiVersion !== apiVersion)
    return { found: [{ field: "apiVersion", message: `must be ${apiVersion}` }] };
  const schema = schemas.get(kind);
  if (schema === undefined)
    return {
      found: [
        { field: "kind", message: `${kind === undefined ? "is missing" : `is ${JSON.stringify(kind)}`}: must be Pipeline or PipelineRun` },
      ],
    };
  const found = problemsIn(schema, value, "");
  return found.length > 0 ? { found } : { object: schema.parse(value), found };
}

/** The line of a field, or of the nearest that encloses it. */
function lineOfField(document: Document, field: string, lines: LineCounter): number | undefined {
  const path = field
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  for (; ; path.pop()) {
    const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
    if (typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range))
      return lines.linePos(Number(node.range[0])).line;
    if (path.length === 0) return undefined;
  }
}
