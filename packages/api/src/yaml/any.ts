import { isMap, isScalar, isSeq, parseAllDocuments, type Document, type Node } from "yaml";
import type { Problem } from "../problems/problem.ts";
import { checkExpanded } from "./expanded.ts";
import { mistakesIn, tooDeep } from "./mistakes.ts";
import type { Part, ReadDocument } from "./outline.ts";
import { tagsAsKubectl } from "./tags.ts";

/** Reads the documents of any YAML or JSON text. What cannot be read becomes problems; the rest is still given. */
export function readAny(text: string, lineAt: (offset: number) => number): { documents: ReadDocument[]; problems: Problem[] } {
  const documents: ReadDocument[] = [];
  const problems: Problem[] = [];
  const options = { prettyErrors: false, merge: true, logLevel: "error", resolveKnownTags: false, customTags: tagsAsKubectl } as const;
  for (const document of parseAllDocuments(text, options)) {
    const mistakes = syntaxMistakes(document, text);
    if (mistakes.length === 0)
      mistakes.push(...mistakesIn(document).map(({ message, offset }) => ({ message: message + templated(lineIn(text, offset)), offset })));
    problems.push(...mistakes.map(({ message, offset }) => ({ path: [], message, line: lineAt(offset) })));
    if (mistakes.length > 0) continue;
    try {
      const value: unknown = document.toJS({ maxAliasCount: -1 });
      if (text.includes("*")) checkExpanded(value);
      documents.push({
        value,
        outline: () => outlineOf(document.contents, 0, { text, isNewer: document.directives?.yaml.version !== "1.1" }),
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      problems.push({
        path: [],
        message: `not YAML that can be read: ${message}`,
        line: lineAt(Math.max(text.indexOf("*"), 0)),
      });
    }
  }
  return { documents, problems };
}

/** Where one thing is amiss, what follows it is told no more: most of it would be amiss for that alone. */
function syntaxMistakes({ errors }: Document, text: string): { message: string; offset: number }[] {
  const twice = errors.filter(({ code }) => code === "DUPLICATE_KEY");
  const first = errors.find(({ code }) => code !== "DUPLICATE_KEY");
  const mistakes = twice.map(({ pos }) => ({ message: "this key stands in its map twice: keep one of them", offset: pos[0] }));
  if (first === undefined) return mistakes;
  const { message, pos } = first;
  const said = `not YAML: ${message}${hint(message, lineIn(text, pos[0]))}`;
  mistakes.push({ message: /call stack/.test(message) ? tooDeep : said, offset: pos[0] });
  return mistakes;
}

/** The line that a place of a text is in. */
function lineIn(text: string, offset: number): string {
  const [line = ""] = text.slice(offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1).split("\n", 1);
  return line;
}

/** A word on a line of a template. */
function templated(line: string): string {
  return /(?<!\$)\{\{/.test(line) ? "; a template has to be rendered first, as by `helm template`" : "";
}

/** What people most often write that YAML cannot read. `line`: the text of the line. */
function hint(message: string, line: string): string {
  if (templated(line) !== "") return templated(line);
  if (line.includes("${{"))
    return '; within [ ] and { }, and where it begins with a quote, an expression takes quotes: "${{ params.name }}"';
  return hints.find(([about]) => about.test(message))?.[1] ?? "";
}

const hints: readonly [about: RegExp, hint: string][] = [
  [/\balias\b/i, '; a lone * takes quotes, as in ["*"]'],
  [/^Flow (sequence|map) in /, "; what stands in [ ] or { } is closed, and indented more than the key before it"],
  [/^Tabs /, ": put spaces in their place"],
  [
    /^Block scalars with more-indented leading empty lines/,
    "; its first lines have blanks or tabs alone: take them out, and indent by spaces",
  ],
  [
    /^Nested mappings are not allowed/,
    "; a text that holds a colon and a blank takes quotes, and what is within something is indented more",
  ],
  [/^Unexpected .* at node end/, "; a text that begins with a quote, and goes on behind the next, takes others around the whole"],
  [
    /^(Sequence item without|Implicit keys? need|All mapping items must|All collection items must|Implicit map keys need)/,
    "; keys of one map stand below one another, and a blank behind each - and :",
  ],
];

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
  const { type, tag, source: plain, value, range } = node;
  const scalar = { is: "scalar", offset, key: String(value) } as const;
  // Its header is a line.
  if (type === "BLOCK_LITERAL") return { ...scalar, lines: of.text.indexOf("\n", offset) + 1 };
  if (type === "QUOTE_DOUBLE" && range) return { ...scalar, escaped: of.text.slice(range[0], range[1]) };
  const isPlain = of.isNewer && type === "PLAIN" && (tag === undefined || typeof value === "number") && plain !== undefined;
  return isPlain ? { ...scalar, plain } : scalar;
}
