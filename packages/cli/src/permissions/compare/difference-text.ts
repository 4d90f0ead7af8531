import type { Difference } from "./difference.ts";
import type { SourcedRole } from "../objects/role.ts";
import { linesOf } from "../text.ts";

/** Differences between roles as lines, with where they hold; where all the roles are in one place, nothing says where. */
export function linesOfDifferences(differences: readonly Difference[], roles: readonly SourcedRole[]): string[] {
  const placed =
    new Set(roles.map(({ kind, namespace }) => `${kind} ${namespace}`)).size > 1 && roles.every(({ kind }) => kind !== undefined);
  const groups = Map.groupBy(differences, ({ namespace, ...atom }) =>
    !placed || "path" in atom ? "" : namespace === undefined ? " everywhere" : ` in ${namespace || "its namespace"}`,
  );
  return [...groups].flatMap(([place, of]) => linesOf(of).map((line) => line + place));
}
