import { load } from "js-yaml";
import { LineCounter } from "yaml";
import type { Path } from "../path.ts";
import { ofRule, type Problem } from "../problem.ts";
import { readAny } from "./any.ts";
import { linesOffsetOf, offsetOf, type Part, type ReadDocument, visitPlain } from "./outline.ts";
import { readSimple } from "./simple.ts";
import { inYaml11 } from "./version-1.1.ts";

/** One document of a YAML or JSON text. */
export interface TextDocument {
  value: unknown;
  /** The line, from 1, of what stands at a path, in a map that of its key; else of the nearest that encloses it. `within`: that line, from 0, of the text that stands there, if this stands line by line. */
  lineOf: (path: Path, within?: number) => number;
  /** Of what in it kubectl and Helm, which read YAML 1.1, make another value. Whoever's file only we read needn't care. */
  ambiguities: readonly Problem[];
}

/** Reads the documents of a YAML or JSON text, without the empty ones. What cannot be read becomes problems; the rest is still given. */
export function readDocuments(text: string): { documents: TextDocument[]; problems: Problem[] } {
  const lineAt = linesOf(text);
  const simple = readSimple(text);
  const { documents, problems } = simple === undefined ? readAny(text, lineAt) : { documents: simple, problems: [] };
  return {
    documents: documents.filter(({ value }) => value !== null).map((document) => placed(document, lineAt)),
    problems: ofRule("yaml", problems),
  };
}

/** Its outline is made once, when it is first asked for. */
function placed({ value, outline }: ReadDocument, lineAt: (offset: number) => number): TextDocument {
  let made: Part | undefined;
  const root = (): Part => (made ??= outline());
  return {
    value,
    lineOf(path, within) {
      const lines = within === undefined ? undefined : linesOffsetOf(root(), path);
      return lines === undefined ? lineAt(offsetOf(root(), path)) : lineAt(lines) + (within ?? 0);
    },
    get ambiguities(): Problem[] {
      return otherwiseRead(root()).map(({ message, offset }) => ({ path: [], message, line: lineAt(offset), rule: "yaml-1.1" }));
    },
  };
}

/** Problems of an object of a file with their lines, in their order. */
export function withLines(problems: readonly Problem[], lineOf: TextDocument["lineOf"]): (Problem & { line: number })[] {
  return problems.map(({ within, ...problem }) => ({ ...problem, line: lineOf(problem.path, within) })).sort((a, b) => a.line - b.line);
}

/** The line, from 1, of each offset of a text. */
function linesOf(text: string): (offset: number) => number {
  let lines: LineCounter | undefined;
  return (offset) => {
    if (lines === undefined) {
      lines = new LineCounter();
      lines.addNewLine(0);
      for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
    }
    return lines.linePos(offset).line;
  };
}

/** Plain scalars that mean one thing to us and another to kubectl. */
function otherwiseRead(outline: Part): { message: string; offset: number }[] {
  const found: { message: string; offset: number }[] = [];
  visitPlain(outline, (plain, offset, isKey) => {
    const message = ambiguityOf(plain, isKey);
    if (message !== undefined) found.push({ message, offset });
  });
  return found;
}

function ambiguityOf(plain: string, isKey: boolean): string | undefined {
  const other = inYaml11(plain);
  if (other === undefined) return undefined;
  const value = load(plain);
  if (other === value || (isKey && String(other) === String(value))) return undefined;
  const own = typeof value === "string" ? "a text" : String(value);
  const remedy = isKey ? "put it in quotes" : `put it in quotes, or write ${other}`;
  return `${isKey ? "the key " : ""}${plain} is ${own} in YAML 1.2, and ${other} to kubectl and Helm, which read YAML 1.1: ${remedy}`;
}
