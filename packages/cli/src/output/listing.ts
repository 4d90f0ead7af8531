import { formatList, type Column, type Format, type Named } from "./output.ts";

interface Listed {
  /** What the objects are called, as in `runs`. */
  what: string;
  /** The one that was looked in; undefined where that wasn't asked. */
  namespace?: string | undefined;
  allNamespaces?: boolean | undefined;
  output: Format;
}

/** Prints the objects that were found. Of every namespace, theirs is the first column; where there are none, a person is told so. */
export function printList<T extends Named>(
  found: readonly T[],
  columns: readonly Column<T>[],
  { what, namespace, allNamespaces = false, output }: Listed,
): void {
  if (found.length === 0 && output !== "json" && output !== "yaml")
    return console.error(`No ${what} found${allNamespaces || namespace === undefined ? "" : ` in namespace "${namespace}"`}.`);
  const ofNamespace: Column<T> = { heading: "NAMESPACE", cell: ({ metadata }) => metadata.namespace ?? "" };
  console.log(formatList(found, output, allNamespaces ? [ofNamespace, ...columns] : columns));
}

/** Compares objects by their age. */
export function newestFirst(a: Named, b: Named): number {
  return (b.metadata.creationTimestamp ?? "").localeCompare(a.metadata.creationTimestamp ?? "");
}
