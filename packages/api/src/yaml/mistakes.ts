import { isAlias, isMap, isNode, isPair, isScalar, isSeq, visit, type Alias, type Document, type Pair } from "yaml";

interface Mistake {
  message: string;
  offset: number;
}

/** kubectl takes 10,000, for which our stack has no room: at some 900 it may be full. */
const deepest = 250;

/** That a document has more levels than are read. */
export const tooDeep = `lists and maps stand in one another over more than ${deepest} levels here: at most as many are read`;

/** What is YAML by its form, and nonetheless no document to kubectl and us. */
export function mistakesIn(document: Document): Mistake[] {
  const found: Mistake[] = [];
  const anchors = new Set<string>();
  const add = (node: unknown, message: string): void => void found.push({ message, offset: (isNode(node) && node.range?.[0]) || 0 });
  visit(document, {
    Node(key, node, ancestors) {
      if (ancestors.filter((one) => !isPair(one)).length > deepest + 1) {
        add(node, tooDeep);
        return visit.BREAK;
      }
      if ("anchor" in node && node.anchor !== undefined) anchors.add(node.anchor);
      if (isAlias(node)) {
        const { source } = node;
        if (!anchors.has(source))
          add(node, `not YAML: *${source} stands for nothing: put &${source} before what it should stand for, or quotes around *${source}`);
        else if (ancestors.some((one) => isNode(one) && "anchor" in one && one.anchor === source))
          add(node, `not YAML that can be read: *${source} stands for what it is in: write out what is meant`);
      }
      if (key === "key" && isNode(node)) {
        const resolved = isAlias(node) ? node.resolve(document) : node;
        if (isMap(resolved) || isSeq(resolved))
          add(node, "a key that is a list or a map is none to kubectl: a text must stand before the :");
        else if (isScalar(resolved) && resolved.value === null)
          add(node, "a key that is null is none to kubectl: put it in quotes, or take it out");
      } else if (isScalar(node)) {
        const fault = faultOf(node.value, node.tag, node.source);
        if (fault !== undefined) add(node, fault);
      }
    },
    Pair(_key, pair) {
      if (isScalar(pair.key) && pair.key.type === "PLAIN" && pair.key.source === "<<" && !isMerge(pair, document))
        add(pair.key, "not YAML that can be read: << takes in a map, or a list of maps: put it in quotes if it is a key of your own");
    },
  });
  return found;
}

const typeOfTag: Readonly<Record<string, string>> = { int: "number", float: "number", bool: "boolean", null: "object" };

function faultOf(value: unknown, tag: string | undefined, source: string | undefined): string | undefined {
  if (tag?.startsWith("!") && source === "") return `${tag} is a tag to YAML, of nothing: put it in quotes, as it begins with !`;
  if (typeof value === "number" && !Number.isFinite(value))
    return `${source} is ${/\d/.test(source ?? "") ? "beyond all numbers of JSON's" : "no number to JSON, nor to kubectl"}: put it in quotes`;
  const type = typeOfTag[/^tag:yaml\.org,2002:(\w+)$/.exec(tag ?? "")?.[1] ?? ""];
  return type === undefined || typeof value === type
    ? undefined
    : `${source} is not what its tag says: write it without the tag, or in quotes`;
}

function isMerge({ value }: Pair, document: Document): boolean {
  const resolved = (one: unknown): unknown => (isAlias(one) ? (one satisfies Alias).resolve(document) : one);
  // Of an alias that stands for nothing that is told.
  return (
    (isAlias(value) && resolved(value) === undefined) ||
    isMap(resolved(value)) ||
    (isSeq(value) && value.items.every((item) => isMap(resolved(item))))
  );
}
