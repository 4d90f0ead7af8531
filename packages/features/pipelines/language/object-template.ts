import type { Path } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube/message";
import type { Variables } from "./expression.ts";
import type { Meter } from "./meter.ts";
import { TemplateError, wholeExpression, type Template } from "./template.ts";

/** An object with `${{ }}` expressions in its texts, parsed once. */
export interface ObjectTemplate {
  /** The texts that have some. */
  texts: readonly Template[];
  /** The object with each text's value in its place: that of the one expression that it consists of, or a text. Throws a TemplateError. */
  render: (variables: Variables, meter: Meter) => unknown;
}

type Render = ObjectTemplate["render"];

/** Parses every text of an object that stands at `path` of its step, by `parse`. */
export function compileObject(value: unknown, path: Path, parse: (text: string, path: Path) => Template): ObjectTemplate {
  const texts: Template[] = [];
  const compiled = (value: unknown, path: Path): Render => {
    if (typeof value === "string") {
      if (!value.includes("${{")) return () => value;
      const template = parse(value, path);
      texts.push(template);
      return valueOf(value, template, path);
    }
    if (Array.isArray(value)) {
      const entries = value.map((entry, index) => compiled(entry, [...path, index]));
      return (variables, meter) => entries.map((render) => render(variables, meter));
    }
    if (typeof value !== "object" || value === null) return () => value;
    const fields = Object.entries(value).map(([key, entry]) => [key, compiled(entry, [...path, key])] as const);
    return (variables, meter) => Object.fromEntries(fields.map(([key, render]) => [key, render(variables, meter)]));
  };
  return { render: compiled(value, path), texts };
}

/** What a text gives: a number for `${{ params.workers }}`, as far as that is one. */
function valueOf(text: string, template: Template, path: Path): Render {
  const whole = template.expressions.length === 1 && text.trim().startsWith("${{") && text.trim().endsWith("}}");
  const only = whole ? wholeExpression(text) : undefined;
  if (only === undefined) return template.render;
  return (variables, meter) => {
    try {
      return only.evaluate(variables, meter);
    } catch (error) {
      throw new TemplateError(path, messageOf(error));
    }
  };
}
