import type { Path } from "../problems/path.ts";

/** A part of a document, with the place in the text where it begins, in UTF-16 units. */
export type Part =
  | {
      is: "scalar";
      offset: number;
      /** As the key of a map. */
      key: string;
      /** Where the first of its lines begins, of a text that stands as it is. */
      lines?: number;
      /** What stands in the text where it has neither quotes nor a tag, and so is of whatever type it looks like. */
      plain?: string;
      /** What stands in the text where it is in double quotes. */
      escaped?: string;
    }
  | { is: "map"; offset: number; entries: { key: Part; value: Part }[] }
  | { is: "list"; offset: number; items: Part[] };

/** A document as a library of YAML reads it. */
export interface ReadDocument {
  value: unknown;
  /** Made anew each time: most files are in order, and nobody asks where anything stands. */
  outline: () => Part;
}

/** Where what is at a path begins, in a map its key; else the nearest that encloses it. */
export function offsetOf(root: Part, path: Path): number {
  return placeOf(root, path).offset;
}

/** Where the first line of the text at a path begins; undefined where that doesn't stand line by line. */
export function linesOffsetOf(root: Part, path: Path): number | undefined {
  const { part } = placeOf(root, path);
  return part?.is === "scalar" ? part.lines : undefined;
}

function placeOf(root: Part, path: Path): { offset: number; part?: Part } {
  let offset = root.offset;
  let part: Part = root;
  for (const step of path) {
    const enclosing: Part = part;
    if (enclosing.is === "map") {
      const entry: { key: Part; value: Part } | undefined = enclosing.entries.find(
        ({ key }) => key.is === "scalar" && key.key === String(step),
      );
      if (entry === undefined) return { offset: enclosing.offset };
      offset = entry.key.offset;
      part = entry.value;
    } else {
      const item = enclosing.is === "list" && typeof step === "number" ? enclosing.items[step] : undefined;
      if (item === undefined) return { offset: enclosing.offset };
      part = item;
      offset = part.offset;
    }
  }
  return { offset, part };
}

/** Visits every scalar of a document, with the path of what it is the value of, or the key. */
export function visitScalars(
  part: Part,
  visit: (scalar: Extract<Part, { is: "scalar" }>, path: Path, isKey: boolean) => void,
  path: Path = [],
): void {
  if (part.is === "map")
    for (const { key, value } of part.entries) {
      const within = [...path, key.is === "scalar" ? key.key : ""];
      if (key.is === "scalar") visit(key, within, true);
      else visitScalars(key, visit, within);
      visitScalars(value, visit, within);
    }
  else if (part.is === "list") for (const [index, item] of part.items.entries()) visitScalars(item, visit, [...path, index]);
  else visit(part, path, false);
}
