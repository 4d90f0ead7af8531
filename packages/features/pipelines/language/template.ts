import type { Path } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube/message";
import { escapeValue, sealText } from "./expansion.ts";
import { parseExpression, type Expression, type Variables } from "./expression.ts";
import type { Meter } from "./meter.ts";
import { spanAt } from "./syntax/tokens.ts";

/** A text with `${{ }}` expressions in it, parsed once. */
export interface Template {
  expressions: readonly Expression[];
  /** The text with each value in its place: strings as they are, everything else as JSON. Throws a TemplateError. */
  render: (variables: Variables, meter: Meter) => string;
}

/** An expression of a template that has no value. */
export class TemplateError extends Error {
  /** Where the template stands in its step. */
  readonly path: Path;

  constructor(path: Path, message: string) {
    super(message);
    this.path = path;
  }
}

/** What is wrong with an expression in a text. */
export class TextError extends Error {
  /** The line of the text, from 0. */
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** The line of a text, from 0, in which a part of it first begins. */
export function lineWithin(text: string, part: string): number {
  return lineAt(text, Math.max(0, text.indexOf(part)));
}

function lineAt(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

interface TemplateOptions {
  /** Whether Kubernetes expands `$(NAME)` in the text: then values are escaped, so that they arrive whole. Default: false. */
  expanded?: boolean;
  /** Is told of each expression that is wrong, which is left out then. Default: throws the first. */
  onFault?: (fault: TextError) => void;
}

/** Parses the text that stands at a path of a step. Each TextError says which expression is wrong, and how. */
export function parseTemplate(text: string, path: Path, { expanded = false, onFault = raise }: TemplateOptions = {}): Template {
  const parts = [...splitText(text, onFault)];
  const expressions = parts.filter((part) => typeof part !== "string");
  const isEscaped = expanded && expressions.length > 0;
  const sealed = isEscaped ? parts.map((part) => (typeof part === "string" ? sealText(part) : part)) : parts;
  return {
    expressions,
    render(variables, meter) {
      const valueOf = (expression: Expression): string => {
        const value = evaluated(expression, variables, meter, path);
        return isEscaped ? escapeValue(value) : value;
      };
      const rendered = sealed.map((part) => (typeof part === "string" ? part : valueOf(part))).join("");
      charge(rendered, meter, path);
      return rendered;
    },
  };
}

function charge(rendered: string, meter: Meter, path: Path): void {
  try {
    meter.spend("rendered", rendered.length);
  } catch (error) {
    throw new TemplateError(path, messageOf(error));
  }
}

function evaluated(expression: Expression, variables: Variables, meter: Meter, path: Path): string {
  try {
    return asText(expression.evaluate(variables, meter));
  } catch (error) {
    const item = typeof variables["itemIndex"] === "bigint" && expression.variables.has("item") ? ` (item ${variables["itemIndex"]})` : "";
    throw new TemplateError(path, `${messageOf(error)}${item}`);
  }
}

/** The one expression that a text consists of; undefined where there is other text, or no expression. Throws as `parseTemplate`. */
export function wholeExpression(text: string): Expression | undefined {
  const parts = [...splitText(text.trim())];
  const [only] = parts;
  return parts.length === 1 && typeof only === "object" ? only : undefined;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function raise(fault: TextError): never {
  throw fault;
}

function* splitText(text: string, onFault: (fault: TextError) => void = raise): Generator<string | Expression> {
  let at = 0;
  for (;;) {
    const open = text.indexOf("${{", at);
    if (open < 0) {
      if (at < text.length) yield text.slice(at);
      return;
    }
    if (open > at) yield text.slice(at, open);
    const close = closing(text, open + 3);
    if (close < 0)
      return onFault(new TextError(`\`${beginning(text.slice(open, open + 40))}\` ${unclosed(text, open + 3)}`, lineAt(text, open)));
    const expression = parsed(text.slice(open + 3, close));
    if (typeof expression === "object") yield expression;
    else onFault(new TextError(expression, lineAt(text, open)));
    at = close + 2;
  }
}

/** What follows an expression may be secret. */
function beginning(text: string): string {
  return (/^[^\n}]*\}{0,2}/.exec(text)?.[0] ?? "").trimEnd();
}

/** An expression, or what is wrong with it. */
function parsed(text: string): Expression | string {
  try {
    return parseExpression(text);
  } catch (error) {
    return messageOf(error);
  }
}

/** What is said of an expression that has no end: a quote that isn't closed takes in the `}}`. */
function unclosed(text: string, from: number): string {
  const end = text.indexOf("}}", from);
  for (let at = from; at < end;) {
    const span = spanAt(text, at);
    if (span?.kind === "string" && span.end > end) {
      const quote = /["']/.exec(text.slice(at))?.[0];
      return `begins a text with ${quote} and doesn't end it: write ${quote} before }}`;
    }
    at = span?.end ?? at + 1;
  }
  return "has no closing }}";
}

/** Where the `}}` stands that ends an expression: not one inside a string or a comment, nor the end of a map within a map. */
function closing(text: string, from: number): number {
  let braces = 0;
  for (let index = from; index < text.length;) {
    const span = spanAt(text, index);
    // A comment ends with the expression, too.
    if (span !== undefined && !(span.kind === "comment" && text.slice(index, span.end).includes("}}"))) {
      index = span.end;
      continue;
    }
    const character = span === undefined ? (text[index] ?? "") : "}";
    if (span !== undefined) index = text.indexOf("}}", index);
    if (character === "{") braces += 1;
    else if (character === "}") {
      if (braces > 0) braces -= 1;
      else return text[index + 1] === "}" ? index : -1;
    }
    index += 1;
  }
  return -1;
}
