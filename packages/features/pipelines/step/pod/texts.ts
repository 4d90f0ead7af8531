import type { Template } from "../../language/template.ts";
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

/** Evaluates all expressions of a step for one try; nothing else of a pod does. */
export function renderTexts({ step, variables, meter }: PodSource): Texts {
  const templates = step.templates();
  const text = (template: Template): string => template.render(variables, meter);
  return {
    image: text(templates.image),
    script: templates.script && text(templates.script),
    command: templates.command?.map(text),
    args: templates.args?.map(text),
    env: new Map(templates.env.map(({ name, value }) => [name, text(value)])),
  };
}
