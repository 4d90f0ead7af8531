import type { Manifest } from "./manifest.ts";
import type { Problem } from "./problems/problem.ts";

/** An object, and the file that it is in. */
export interface Placed {
  file: string;
  manifest: Manifest;
}

/**
 * Objects of one kind, namespace and name: applied, the later one replaces the other. In two files they are perhaps meant for two namespaces that
 * neither names.
 */
export function namesakesIn(placed: readonly Placed[]): { file: string; problem: Problem; isNote: boolean }[] {
  const firsts = new Map<string, { file: string; line: number }>();
  return placed.flatMap(({ file, manifest: { object, lineOf } }) => {
    const { kind, metadata } = object;
    const { namespace = "", name } = metadata;
    if (name === undefined) return [];
    const path = ["metadata", "name"];
    const line = lineOf(path);
    const key = JSON.stringify([kind, namespace, name]);
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, { file, line });
    if (first === undefined) return [];
    const isNote = first.file !== file;
    const message = isNote
      ? `${kind} "${name}" stands in line ${first.line} of ${first.file}, too: in one namespace the one that is applied later replaces the other`
      : `${kind} "${name}" stands in line ${first.line} already, and the one that is applied later replaces the other: give each a name of its own`;
    return [{ file, isNote, problem: { path, line, message, rule: "name" } }];
  });
}
