import { isMap, isScalar, isSeq, parseAllDocuments, visit, type Alias, type Document, type Node } from "yaml";
import type { Problem } from "../problem.ts";
import { checkExpanded } from "./expanded.ts";
import type { Part, ReadDocument } from "./outline.ts";

/** Reads the documents of any YAML or JSON text. What cannot be read becomes problems; the rest is still given. */
export function readAny(text: string, lineAt: (offset: number) => number): { documents: ReadDocument[]; problems: Problem[] } {
  const documents: ReadDocument[] = [];
  const problems: Problem[] = [];
  const mayAlias = text.includes("*");
  for (const document of parseAllDocuments(text, { prettyErrors: false, merge: true, logLevel: "error" })) {
    const mistakes = document.errors.map(({ code, message, pos }) => ({
      message:
        code === "DUPLICATE_KEY" ? "this key stands in its map twice: keep one of them" : `not YAML: ${message}${hint(message, text)}`,
      offset: pos[0],
    }));
    if (mistakes.length === 0 && mayAlias)
      mistakes.push(
        ...unknownAliases(document).map(({ source, range }) => ({
          message: `not YAML: *${source} stands for nothing: put &${source} before what it should stand for, or quotes around *${source}`,
          offset: range?.[0] ?? 0,
        })),
      );
    problems.push(...mistakes.map(({ message, offset }) => ({ path: [], message, line: lineAt(offset) })));
    if (mistakes.length > 0) continue;
    try {
      const value: unknown = document.toJS({ maxAliasCount: -1 });
      if (mayAlias) checkExpanded(value);
      documents.push({
        value,
        outline: () => outlineOf(document.contents, 0, { text, isNewer: document.directives?.yaml.version !== "1.1" }),
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      problems.push({ path: [], message: `not YAML that can be read: ${message}` });
    }
  }
  return { documents, problems };
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

/** What people most often write that YAML cannot read. */
function hint(message: string, text: string): string {
  if (/\balias\b/i.test(message)) return '; a lone * takes quotes, as in ["*"]';
  return /(?<!\$)\{\{/.test(text) ? "; a template has to be rendered first, as by `helm template`" : "";
}

/** An alias ends it: what it stands for has its place elsewhere. What says that it is YAML 1.1 has nothing that others read otherwise. */
function outlineOf(node: Node | null, place: number, of: { text: string; isNewer: boolean }): Part {
  const offset = node?.range?.[0] ?? place;
  if (isSeq<Node | null>(node)) return { is: "list", offset, items: node.items.map((item) => outlineOf(item, offset, of)) };
  if (isMap<Node, Node | null>(node))
    return {
      is: "map",
      offset,
      entries: node.items.map(({ key, value }) => {
        const keyPart = outlineOf(key, offset, of);
        return { key: keyPart, value: outlineOf(value, keyPart.offset, of) };
      }),
    };
  if (!isScalar(node)) return { is: "scalar", offset, key: "" };
  const { type, tag, source, value } = node;
  const scalar = { is: "scalar", offset, key: String(value) } as const;
  // Its header is a line.
  if (type === "BLOCK_LITERAL") return { ...scalar, lines: of.text.indexOf("\n", offset) + 1 };
  return of.isNewer && type === "PLAIN" && tag === undefined && source !== undefined ? { ...scalar, plain: source } : scalar;
}
