import { withLines, type Manifest, type Path, type Problem, type Step } from "@plimsoll/api";
import { lineWithin } from "../language/template.ts";
import { interpreterNotes } from "../step/pod/interpreter.ts";
import { isOwn } from "./manifest.ts";

/** Of one text no more are told. */
const mostTold = 3;

/** Expressions of other tools: Argo Workflows' and Tekton's. */
const foreign =
  /\{\{-?\s*(?:=[^{}]*|(?:item|inputs|outputs|workflow|steps|tasks|pod|retries)\b[^{}]*)\}\}|\$\((?:params|tasks|steps|inputs|outputs|context|workspaces|results)[.[][^()]*\)/g;

/**
 * Words on what a manifest's steps say, and may be meant, so that these are no problems: expressions of other tools, in whose place nothing
 * puts a value, and a #! that names no interpreter.
 */
export function leftoversIn({ object, lineOf }: Manifest): (Problem & { line: number })[] {
  if (!isOwn(object)) return [];
  const [pipeline, at]: [{ steps: readonly Step[]; finally?: readonly Step[] | undefined } | undefined, Path] =
    object.kind === "Pipeline" ? [object.spec, ["spec"]] : [object.spec.pipeline, ["spec", "pipeline"]];
  const found = (["steps", "finally"] as const).flatMap((list) =>
    (pipeline?.[list] ?? []).flatMap((step, index) => wordsOn(step, [...at, list, index])),
  );
  return withLines(found, lineOf);
}

function wordsOn(step: Step, at: Path): Problem[] {
  const ofScript = Array.from(interpreterNotes(step.script ?? ""), (message) => ({
    path: [...at, "script"],
    rule: "script" as const,
    message,
  }));
  return [...ofScript, ...textsOf(step).flatMap(([path, text]) => told(text, [...at, ...path]))];
}

/** All texts of a step. An object that it makes may be of one of those tools. */
function textsOf({ manifest: _manifest, ...step }: Step): [Path, string][] {
  const within = (value: unknown, path: Path): [Path, string][] => {
    if (typeof value === "string") return [[path, value]];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => within(inner, [...path, Array.isArray(value) ? Number(key) : key]));
  };
  return within(step, []);
}

function told(text: string, path: Path): Problem[] {
  // Ours are those with a dollar sign.
  const found = new Set(Array.from(text.replaceAll("${{", "").matchAll(foreign), ([expression]) => expression.slice(0, 60)));
  return [...found].slice(0, mostTold).map((expression) => ({
    path,
    rule: "expression",
    within: lineWithin(text, expression),
    message: `holds ${expression}, which stays as it is: an expression is written as in \${{ params.name }}`,
  }));
}
