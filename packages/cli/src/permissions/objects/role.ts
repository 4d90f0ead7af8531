import type { PolicyRule } from "@plimsoll/permissions";
import { visible } from "../../output/visible.ts";

/** Rules with where they come from: a Role or ClusterRole of a file or the cluster, or bare rules of a file. */
export interface SourcedRole {
  /** Missing for bare rules. */
  kind?: "Role" | "ClusterRole";
  name?: string;
  namespace?: string;
  rules: readonly PolicyRule[];
  /** The file as it was named, `-`, or what else was asked for, as in `clusterrole/view`. */
  source: string;
  /** The line of each rule, from 1; empty where the rules come from no file. */
  lines: readonly number[];
  /** The file of each rule, where a role gathers others. */
  sources?: readonly string[];
  /** What the rules stand in, to print it again: the object, or the list itself. */
  whole: object;
}

/** `ClusterRole view`, `Role team-a/reader`; for bare rules their source. */
export function titleOf({
  kind,
  name = "",
  namespace,
  source = "",
}: {
  kind?: string;
  name?: string;
  namespace?: string;
  source?: string;
}): string {
  return visible(kind === undefined ? source : `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`);
}

/** Where a rule stands: `roles.yaml:12`, or `rule 3` where there is no line. */
export function placeOf(role: Pick<SourcedRole, "source" | "lines" | "sources">, index: number): string {
  const line = role.lines[index];
  return line === undefined ? `rule ${index + 1}` : `${role.sources?.[index] ?? role.source}:${line}`;
}
