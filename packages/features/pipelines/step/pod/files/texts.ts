import type { Path, Problem, Step } from "@plimsoll/api";
import { Meter } from "../../../language/meter.ts";
import { TemplateError, type Template } from "../../../language/template.ts";
import type { PlanStep } from "../../../plan/plan.ts";
import { interpreterFaults } from "./interpreter.ts";
import type { PodSource } from "./source.ts";

/** What a step says in expressions, with their values. */
export interface Texts {
  image: string;
  script: string | undefined;
  command: string[] | undefined;
  args: string[] | undefined;
  /** By the variables' names. */
  env: ReadonlyMap<string, string>;
}

/** Linux starts no program with a longer argument, or a longer variable with its name: MAX_ARG_STRLEN, in bytes, with the NUL behind it. */
const longestArgument = 131_072;

/** Evaluates all expressions of a step for one try; nothing else of a pod does. Throws a TemplateError. */
export function renderTexts({ step, variables, meter }: PodSource): Texts {
  const templates = step.templates();
  const text = (template: Template): string => template.render(variables, meter);
  const whole = (text: string, path: Path, more?: number): string => {
    const fault = textFault(text, more);
    if (fault !== undefined) throw new TemplateError(path, fault);
    return text;
  };
  const argument = (field: string) => (template: Template, index: number) => whole(text(template), [field, index]);
  return {
    image: templates.image === undefined ? "" : text(templates.image),
    script: templates.script && text(templates.script),
    command: templates.command?.map(argument("command")),
    args: templates.args?.map(argument("args")),
    env: new Map(templates.env.map(({ name, value }) => [name, whole(text(value), ["env", name], name.length + 1)])),
  };
}

/** What keeps a program from being started with a text as an argument or a variable, with so many more bytes before it. */
function textFault(text: string, more = 0): string | undefined {
  if (text.includes("\0")) return "holds a NUL character (U+0000), at which arguments and variables end: take it out";
  const bytes = Buffer.byteLength(text) + more + 1;
  if (bytes <= longestArgument) return undefined;
  return `takes ${bytes} bytes, and Linux starts no program with an argument or a variable of more than ${longestArgument}: put it into a file, as a script or the workspace`;
}

/** What container runtimes would refuse of a step's texts, as far as these are known before anything runs. */
export function* textProblems(step: PlanStep): Generator<Problem> {
  const { script = "", command = [] } = step.spec;
  if (command[0] === "") yield { path: [...step.at, "command", 0], message: "is empty: name the program that runs" };
  for (const { path, text, template, more } of argumentsOf(step)) {
    const fault = textFault(text.includes("\0") ? "\0" : knownText(text, template), more);
    if (fault !== undefined) yield { path: [...step.at, ...path], message: fault };
  }
  // What stands in the file itself is told with the plan.
  const made = script.includes("${{") ? knownText(script, step.templates().script) : "";
  for (const message of interpreterFaults(made)) yield { path: [...step.at, "script"], message, rule: "script" };
}

/** A text that becomes an argument or a variable, as it is written. */
interface Argument {
  path: Path;
  text: string;
  template: Template | undefined;
  /** How many bytes stand before it. */
  more?: number;
}

function* argumentsOf({ spec: { command = [], args = [], env = [] }, templates }: PlanStep): Generator<Argument> {
  const known = templates();
  for (const [index, text] of command.entries()) yield { path: ["command", index], text, template: known.command?.[index] };
  for (const [index, text] of args.entries()) yield { path: ["args", index], text, template: known.args?.[index] };
  const values = new Map(known.env.map(({ name, value }) => [name, value]));
  for (const [index, { name, value: text = "" }] of env.entries())
    yield { path: ["env", index, "value"], text, template: values.get(name), more: name.length + 1 };
}

/** What is rendered of a text whose expressions name nothing; a harmless text where they do, or can't be evaluated. */
function knownText(text: string, template: Template | undefined): string {
  if (!text.includes("${{")) return text;
  if (template === undefined || template.expressions.some(({ variables }) => variables.size > 0)) return "x";
  try {
    return template.render({}, new Meter());
  } catch {
    return "x";
  }
}

/** The texts as far as they are known before anything runs: a harmless one where an expression stands. */
export function knownTexts({ image = "", script, command, args, env = [] }: Step): Texts {
  const known = (text: string): string => (text.includes("${{") ? "x" : text);
  return {
    image: known(image),
    script: script && known(script),
    command: command?.map(known),
    args: args?.map(known),
    env: new Map(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, known(value)]]))),
  };
}
