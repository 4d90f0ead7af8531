import { covers, type Atom } from "@plimsoll/permissions";
import type { SourcedRole } from "../objects/role.ts";

/** An atom that one side grants and the other doesn't; `namespace` where it is granted there only, empty for a Role that doesn't say where. */
export type Difference = Atom & { namespace?: string };

/**
 * What each of two sides grants and the other doesn't: ClusterRoles everywhere, and thus in every namespace, Roles in theirs. Bare rules
 * have no place: where there are some, rules alone are compared. A Role that names no namespace is in that of the others, if it's one.
 */
export function difference(a: readonly SourcedRole[], b: readonly SourcedRole[]): { onlyA: Difference[]; onlyB: Difference[] } {
  const all = [...a, ...b];
  const named = new Set(all.flatMap(({ kind, namespace }) => (kind === "Role" && namespace !== undefined ? [namespace] : [])));
  const [home = ""] = named.size === 1 ? named : [];
  const placed = all.every(({ kind }) => kind !== undefined);
  const placeOf = ({ kind, namespace = home }: SourcedRole): string | undefined => (placed && kind === "Role" ? namespace : undefined);
  const places = new Set(all.map(placeOf));
  const beyond = (owners: readonly SourcedRole[], servants: readonly SourcedRole[]): Difference[] =>
    [...places].flatMap((place) => {
      const held = owners.filter((role) => placeOf(role) === undefined || placeOf(role) === place);
      const wanted = servants.filter((role) => placeOf(role) === place);
      return covers(rulesOf(held), rulesOf(wanted)).map((atom) => (place === undefined ? atom : { ...atom, namespace: place }));
    });
  return { onlyA: beyond(b, a), onlyB: beyond(a, b) };
}

function rulesOf(roles: readonly SourcedRole[]) {
  return roles.flatMap(({ rules }) => rules);
}
