import { withLines, type Manifest, type Path, type PipelineSpec, type Problem, type Step } from "@plimsoll/api";
import { lineWithin } from "../language/template.ts";
import { interpreterNotes } from "../step/pod/files/interpreter.ts";
import { isOwn } from "./manifest.ts";

/** Of one text no more are told. */
const mostTold = 3;

/** Names that expressions of this and of other tools begin with: Argo Workflows', Tekton's, GitHub's, Kubeflow's. */
const roots =
  "params|parameters|inputs|outputs|item|itemIndex|steps|tasks|run|workflow|pod|node|retries|context|github|secrets|matrix|needs|env|pipelineparam";
/** What Airflow gives its templates. */
const airflow =
  "ds|ds_nodash|ts|ts_nodash|ts_nodash_with_tz|logical_date|execution_date|data_interval_start|data_interval_end|prev_ds|next_ds|yesterday_ds|tomorrow_ds|dag|dag_run|ti|task_instance|run_id|macros|conn|var";
const jinja =
  "if|elif|else|endif|for|endfor|set|endset|raw|endraw|macro|endmacro|include|import|extends|block|endblock|with|endwith|filter";

/** What goes on with, or ends, what was told by its beginning. */
const goesOn = /^\{%-?\s*(?:el|end)/;

/** Expressions that look like another tool's, or like ours without their dollar sign. */
const foreign = [
  `\\{\\{-?\\s*(?:${roots}|${airflow})\\s*(?:[.[|].{0,200}?)?-?\\}\\}`,
  "\\{\\{=[^{}]*\\}\\}",
  `\\{%-?\\s*(?:${jinja})\\b[^{}]*%\\}`,
  "\\$\\((?:params|tasks|steps|inputs|outputs|context|workspaces|results)[.[][^()]*\\)",
];
/** A shell's variable has no dot in its name; other languages may read it. */
const inShell = `\\$\\{(?:${roots})\\.[^{}]*\\}`;

const inOthers = new RegExp(foreign.join("|"), "g");
const inShells = new RegExp([...foreign, inShell].join("|"), "g");

/**
 * Words on what a manifest's steps say, and may be meant, so that these are no problems: expressions of other tools, in whose place nothing
 * puts a value, our own where none is read, and a #! that names no interpreter.
 */
export function leftoversIn({ object, lineOf }: Manifest): (Problem & { line: number })[] {
  if (!isOwn(object)) return [];
  const [pipeline, at]: [Said | undefined, Path] =
    object.kind === "Pipeline" ? [object.spec, ["spec"]] : [object.spec.pipeline, ["spec", "pipeline"]];
  const found = (["steps", "finally"] as const).flatMap((list) =>
    (pipeline?.[list] ?? []).flatMap((step, index) => wordsOn(step, [...at, list, index])),
  );
  const defaults = (pipeline?.params ?? []).flatMap(({ default: value }, index) => toldOfValue(value, [...at, "params", index, "default"]));
  const given = object.kind === "PipelineRun" ? Object.entries(object.spec.params ?? {}) : [];
  const params = given.flatMap(([name, value]) => toldOfValue(value, ["spec", "params", name]));
  return withLines([...defaults, ...params, ...found], lineOf);
}

/** What a pipeline says. */
type Said = Pick<PipelineSpec, "params" | "finally"> & { steps: readonly Step[] };

function wordsOn(step: Step, at: Path): Problem[] {
  const ofScript = Array.from(interpreterNotes(step.script ?? ""), (message) => ({
    path: [...at, "script"],
    rule: "script" as const,
    message,
  }));
  const ofTexts = textsOf(step).flatMap(([path, text]) => {
    const isItem = path[0] === "forEach" && path.length > 1;
    return (isItem ? toldOfItem : told)(text, [...at, ...path]);
  });
  return [...ofScript, ...ofTexts];
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
  return expressionsIn(text).map((expression) => ({
    path,
    rule: "expression",
    within: lineWithin(text, expression),
    message: `holds ${expression}, which stays as it is: an expression is written as in \${{ params.name }}; where a program of the step's reads it, it is right so`,
  }));
}

function toldOfItem(text: string, path: Path): Problem[] {
  const [own] = /\$\{\{.*?\}\}/s.exec(text) ?? [];
  if (own === undefined) return told(text, path);
  return [
    {
      path,
      rule: "expression",
      message: `holds ${own.slice(0, 60)}, which stays as it is, as items that are written out are no expressions: give the list as one, as in forEach: \${{ [params.a, params.b] }}`,
    },
  ];
}

/** Of a parameter's value. */
function toldOfValue(value: unknown, path: Path): Problem[] {
  const [own] = typeof value === "string" ? (/\$\{\{.*?\}\}/s.exec(value) ?? []) : [];
  if (own === undefined) return [];
  const message = `holds ${own.slice(0, 60)}, which stays as it is, as a parameter's value is no expression: write the expression where the parameter is used`;
  return [{ path, rule: "expression", message }];
}

function expressionsIn(text: string): string[] {
  // Most texts hold none, and there may be very many.
  if (!text.includes("{") && !text.includes("$(")) return [];
  const isOtherLanguage = text.startsWith("#!") && !/^#!.*sh\b/.test(text);
  const pattern = isOtherLanguage ? inOthers : inShells;
  // Ours are those with a dollar sign.
  const found = new Set(Array.from(text.replaceAll("${{", "").matchAll(pattern), ([expression]) => expression.slice(0, 60)));
  const begun = [...found].filter((expression) => !goesOn.test(expression));
  return (begun.length > 0 ? begun : [...found]).slice(0, mostTold);
}
