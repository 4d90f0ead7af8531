import type { Step } from "@plimsoll/api";
import { TemplateError, type Template } from "../../language/template.ts";
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
  const argument = (field: string) => (template: Template, index: number) => short(text(template), [field, index]);
  return {
    image: templates.image === undefined ? "" : text(templates.image),
    script: templates.script && text(templates.script),
    command: templates.command?.map(argument("command")),
    args: templates.args?.map(argument("args")),
    env: new Map(templates.env.map(({ name, value }) => [name, short(text(value), ["env", name], name.length + 1)])),
  };
}

function short(text: string, path: (string | number)[], more = 0): string {
  const bytes = Buffer.byteLength(text) + more + 1;
  if (bytes <= longestArgument) return text;
  throw new TemplateError(
    path,
    `takes ${bytes} bytes, and Linux starts no program with an argument or a variable of more than ${longestArgument}: put it into a file, as a script or the workspace`,
  );
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
