import { LineCounter } from "yaml";
import type { Path } from "../problems/path.ts";
import { ofRule, type Problem } from "../problems/problem.ts";
import { otherwiseRead } from "./ambiguities.ts";
import { readAny } from "./any.ts";
import { commentInJson, directiveIn, endOfLineIn11, forbiddenIn, looksLikeJson, withPlainLines } from "./characters.ts";
import { jsonTexts } from "./json-texts.ts";
import { linesOffsetOf, offsetOf, type Part, type ReadDocument } from "./outline.ts";
import { readSimple } from "./simple.ts";

/** One document of a YAML or JSON text. */
export interface TextDocument {
  value: unknown;
  /** The line, from 1, of what stands at a path, in a map that of its key; else of the nearest that encloses it. `within`: that line, from 0, of the text that stands there, if this stands line by line. */
  lineOf: (path: Path, within?: number) => number;
  /** Of what in it kubectl and Helm, which read YAML 1.1, make another value. Whoever's file only we read needn't care. */
  ambiguities: readonly Problem[];
}

/**
 * Reads the documents of a YAML or JSON text, or of several JSON texts one after the other, without the empty ones. What cannot be read
 * becomes problems; the rest is still given.
 */
export function readDocuments(given: string): { documents: TextDocument[]; problems: Problem[] } {
  const text = withPlainLines(given);
  const lineAt = linesOf(text);
  const problem = ({ message, offset }: { message: string; offset: number }): Problem => ({ path: [], message, line: lineAt(offset) });
  const forbidden = forbiddenIn(text) ?? commentInJson(text);
  if (forbidden !== undefined) return { documents: [], problems: ofRule("yaml", [problem(forbidden)]) };
  const ofText = ofRule(
    "yaml-1.1",
    [directiveIn(text), endOfLineIn11(text)].flatMap((amiss) => (amiss === undefined ? [] : [problem(amiss)])),
  );
  const isJson = looksLikeJson(text);
  const whole = readOne(text, lineAt);
  const parts = whole.problems.length > 0 ? jsonTexts(text) : undefined;
  if (parts === undefined)
    return { documents: placed(whole.documents, lineAt, { ofText, isJson }), problems: ofRule("yaml", whole.problems) };
  const read = parts.map((part) => {
    const lineWithin = (offset: number): number => lineAt(part.start + offset);
    const { documents, problems } = readOne(part.text, lineWithin);
    return { documents: placed(documents, lineWithin, { ofText, isJson }), problems };
  });
  return {
    documents: read.flatMap(({ documents }) => documents),
    problems: ofRule(
      "yaml",
      read.flatMap(({ problems }) => problems),
    ),
  };
}

function readOne(text: string, lineAt: (offset: number) => number): { documents: ReadDocument[]; problems: Problem[] } {
  const simple = readSimple(text);
  return simple === undefined ? readAny(text, lineAt) : { documents: simple, problems: [] };
}

/** The outline of each is made once, when it is first asked for. */
function placed(
  documents: readonly ReadDocument[],
  lineAt: (offset: number) => number,
  { ofText, isJson }: { ofText: readonly Problem[]; isJson: boolean },
): TextDocument[] {
  return documents.flatMap(({ value, outline }) => {
    if (value === null) return [];
    let made: Part | undefined;
    const root = (): Part => (made ??= outline());
    return {
      value,
      lineOf(path, within) {
        const lines = within === undefined ? undefined : linesOffsetOf(root(), path);
        return lines === undefined ? lineAt(offsetOf(root(), path)) : lineAt(lines) + (within ?? 0);
      },
      get ambiguities(): Problem[] {
        const otherwise = otherwiseRead(root(), isJson).map(({ offset, ...told }) => ({ ...told, line: lineAt(offset) }));
        return [...ofText, ...ofRule("yaml-1.1", otherwise)];
      },
    };
  });
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
