import { LineCounter, parseAllDocuments, type Document } from "yaml";
import type { z } from "zod";
import { apiVersion, pipeline, type Pipeline } from "./pipeline.ts";
import { pipelineRun, type PipelineRun } from "./run.ts";

/** What is wrong with a user's input: where, what, and the way out. */
export interface Problem {
  /** A path into the object, as in `spec.steps[2].image`; empty for the whole. */
  field: string;
  /** What is wrong and what to do. */
  message: string;
  /** The line of the file, from 1. */
  line?: number;
}

/** An object of a file, with the line that a field stands in. */
export interface Manifest {
  object: Pipeline | PipelineRun;
  lineOf: (field: string) => number | undefined;
}

const schemas: Record<string, z.ZodType<Pipeline | PipelineRun>> = { Pipeline: pipeline, PipelineRun: pipelineRun };

/** Reads the Pipelines and PipelineRuns of a YAML or JSON text. What cannot be read becomes problems; the rest is still given. */
export function readManifests(text: string): { manifests: Manifest[]; problems: Problem[] } {
  const lines = new LineCounter();
  const manifests: Manifest[] = [];
  const problems: Problem[] = [];
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  if (!Array.isArray(documents)) return { manifests, problems: [{ field: "", message: "the file is empty: give a Pipeline or a PipelineRun" }] };
  for (const document of documents) {
    if (document.errors.length > 0) {
      for (const error of document.errors) problems.push({ field: "", message: `not YAML: ${error.message}`, line: lines.linePos(error.pos[0]).line });
      continue;
    }
    if (document.contents === null) continue;
    const lineOf = (field: string): number | undefined => lineOfField(document, field, lines);
    const { object, found } = parseObject(document.toJS());
    for (const problem of found) problems.push(withLine(problem, lineOf(problem.field)));
    if (object !== undefined) manifests.push({ object, lineOf });
  }
  return { manifests, problems };
}

function withLine(problem: Problem, line: number | undefined): Problem {
  return line === undefined ? problem : { ...problem, line };
}

function parseObject(value: unknown): { object?: Pipeline | PipelineRun; found: Problem[] } {
  if (typeof value !== "object" || value === null) return { found: [{ field: "", message: "not an object: give a Pipeline or a PipelineRun" }] };
  const kind = "kind" in value ? String(value.kind) : "";
  if (!("apiVersion" in value) || value.apiVersion !== apiVersion) return { found: [{ field: "apiVersion", message: `must be ${apiVersion}` }] };
  const schema = schemas[kind];
  if (schema === undefined) return { found: [{ field: "kind", message: `"${kind}" is not known: must be ${Object.keys(schemas).join(" or ")}` }] };
  const result = schema.safeParse(value, { reportInput: false });
  return result.success ? { object: result.data, found: [] } : { found: result.error.issues.flatMap((issue) => problemsOf(issue, [])) };
}

/** What a schema finds wrong with a value that stands at the path `at` of an object. */
export function problemsIn(schema: z.ZodType, value: unknown, at: string): Problem[] {
  const result = schema.safeParse(value, { reportInput: false });
  return result.success ? [] : result.error.issues.flatMap((issue) => problemsOf(issue, [at]));
}

function problemsOf(issue: z.core.$ZodIssue, at: readonly string[]): Problem[] {
  const field = formatPath([...at, ...issue.path]);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => ({ field: field ? `${field}.${key}` : key, message: "no such field: see docs/pipelines.md for the fields there are" }));
  return [{ field, message: issue.message.replace(/^Invalid input: /, "").replace(/^expected/, "must be") }];
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`)).join("");
}

/** The line of a field, or of the nearest that encloses it. */
function lineOfField(document: Document, field: string, lines: LineCounter): number | undefined {
  const path = field.split(/[.[\]]+/).filter(Boolean).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  for (; ; path.pop()) {
    const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
    if (typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range)) return lines.linePos(Number(node.range[0])).line;
    if (path.length === 0) return undefined;
  }
}
