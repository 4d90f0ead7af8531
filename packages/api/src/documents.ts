import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Alias,
  type Document,
  type Scalar,
} from "yaml";
import type { Path } from "./path.ts";
import { ofRule, type Problem } from "./problem.ts";
import { inYaml11 } from "./yaml-1.1.ts";

/** One document of a YAML or JSON text. */
export interface TextDocument {
  value: unknown;
  /** The line, from 1, of what stands at a path, in a map that of its key; else of the nearest that encloses it. */
  lineOf: (path: Path) => number;
  /** Of what in it kubectl and Helm, which read YAML 1.1, make another value. Whoever's file only we read needn't care. */
  ambiguities: readonly Problem[];
}

/** Reads the documents of a YAML or JSON text, without the empty ones. What cannot be read becomes problems; the rest is still given. */
export function readDocuments(text: string): { documents: TextDocument[]; problems: Problem[] } {
  const lines = new LineCounter();
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const documents: TextDocument[] = [];
  const problems: Problem[] = [];
  for (const document of parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, merge: true, logLevel: "error" })) {
    for (const { code, message, pos } of document.errors) {
      const told =
        code === "DUPLICATE_KEY" ? "this key stands in its map twice: keep one of them" : `not YAML: ${message}${hint(message, text)}`;
      problems.push({ path: [], message: told, line: lineAt(pos[0]) });
    }
    if (document.errors.length > 0) continue;
    const mayAlias = text.includes("*");
    const unknown = mayAlias ? unknownAliases(document) : [];
    for (const { source, range } of unknown)
      problems.push({
        path: [],
        message: `not YAML: *${source} stands for nothing: put &${source} before what it should stand for, or quotes around *${source}`,
        line: lineAt(range?.[0] ?? 0),
      });
    if (unknown.length > 0) continue;
    try {
      const value: unknown = document.toJS();
      if (mayAlias) checkFinite(value);
      if (value === null) continue;
      documents.push({
        value,
        lineOf: (path) => lineAt(offsetOf(document, path)),
        // Looked for when it is asked for: most files are only ours.
        get ambiguities(): Problem[] {
          return otherwiseRead(document).map(({ message, offset }) => ({ path: [], message, line: lineAt(offset), rule: "yaml-1.1" }));
        },
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      problems.push({ path: [], message: `not YAML that can be read: ${message}` });
    }
  }
  return { documents, problems: ofRule("yaml", problems) };
}

/** Problems of an object of a file with their lines, in their order. */
export function withLines(problems: readonly Problem[], lineOf: TextDocument["lineOf"]): (Problem & { line: number })[] {
  return problems.map((problem) => ({ ...problem, line: lineOf(problem.path) })).sort((a, b) => a.line - b.line);
}

/** Aliases without an anchor before them. */
function unknownAliases(document: Document): Alias[] {
  const anchors = new Set<string>();
  const unknown: Alias[] = [];
  visit(document, {
    Node: (_key, { anchor }) => void (anchor !== undefined && anchors.add(anchor)),
    Alias: (_key, alias) => void (anchors.has(alias.source) || unknown.push(alias)),
  });
  return unknown;
}

/** Plain scalars that mean one thing to us and another to kubectl. */
function otherwiseRead(document: Document): { message: string; offset: number }[] {
  const found: { message: string; offset: number }[] = [];
  // Not by `visit`, which keeps the way to each node and takes four times as long.
  const walk = (node: unknown, isKey: boolean): void => {
    if (isScalar(node)) {
      const message = ambiguityOf(node, isKey);
      if (message !== undefined) found.push({ message, offset: node.range?.[0] ?? 0 });
    } else if (isPair(node)) {
      walk(node.key, true);
      walk(node.value, false);
    } else if (isCollection(node)) for (const item of node.items) walk(item, false);
  };
  walk(document.contents, false);
  return found;
}

function ambiguityOf({ type, tag, source, value }: Scalar, isKey: boolean): string | undefined {
  if (type !== "PLAIN" || tag !== undefined || source === undefined) return undefined;
  const other = inYaml11(source);
  if (other === undefined || other === value || (isKey && String(other) === String(value))) return undefined;
  const own = typeof value === "string" ? "a text" : String(value);
  const remedy = isKey ? "put it in quotes" : `put it in quotes, or write ${other}`;
  return `${isKey ? "the key " : ""}${source} is ${own} in YAML 1.2, and ${other} to kubectl and Helm, which read YAML 1.1: ${remedy}`;
}

/** What people most often write that YAML cannot read. */
function hint(message: string, text: string): string {
  if (/\balias\b/i.test(message)) return '; a lone * takes quotes, as in ["*"]';
  return /(?<!\$)\{\{/.test(text) ? "; a template has to be rendered first, as by `helm template`" : "";
}

/** Throws where an alias stands for what it is in; `toJS` has thrown where aliases stand for too much. */
function checkFinite(value: unknown): void {
  try {
    JSON.stringify(value);
  } catch {
    throw new Error("an alias stands for what it is in");
  }
}

function offsetOf(document: Document, path: Path): number {
  let offset = 0;
  let node: unknown = document.contents;
  let key: unknown;
  for (const part of [undefined, ...path]) {
    key = undefined;
    if (isMap(node)) key = node.items.find(({ key }) => isScalar(key) && key.value === part)?.key;
    if (part !== undefined) node = isMap(node) || isSeq(node) ? node.get(part, true) : undefined;
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) break;
    offset = node.range?.[0] ?? offset;
  }
  return isScalar(key) ? (key.range?.[0] ?? offset) : offset;
}
