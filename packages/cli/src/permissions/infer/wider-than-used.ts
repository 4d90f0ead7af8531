import { atoms, freshParts, grants, ruleOf, type Atom, type Request } from "@plimsoll/permissions";
import { counts } from "../ask/answer.ts";
import type { SourcedRole } from "../objects/role.ts";

/** A grant that was used for less than it is for. */
export interface Wider {
  atom: Atom;
  /** All that it was used for, where that is little. */
  names?: string[];
  namespaces?: string[];
}

/** So few names or namespaces could be written out. */
const few = 3;

/** The grants of a role, wherever it counts, that were used for a few names or, where it counts everywhere, in a few namespaces only. */
export function widerThanUsed(role: SourcedRole, requests: readonly Request[]): Wider[] {
  const counting = requests.filter((request) => counts(role, request));
  return atoms(role.rules).flatMap((atom) => {
    const rule = ruleOf(atom);
    const used = counting.flatMap((request) => (!("path" in request) && grants([rule], request) !== undefined ? [request] : []));
    if ("path" in atom || used.length === 0) return [];
    // A name that is new each time can't be written out, and a Namespace is in itself.
    const fresh = freshParts(used.flatMap(({ name }) => name ?? []));
    const names =
      atom.name === undefined ? fewOf(used.map(({ name }) => (name !== undefined && !fresh.has(name) ? name : undefined))) : undefined;
    const isOfNamespaces = used.some(({ group, resource }) => group === "" && resource === "namespaces");
    const namespaces = role.kind === "Role" || isOfNamespaces ? undefined : fewOf(used.map(({ namespace }) => namespace));
    return names === undefined && namespaces === undefined
      ? []
      : [{ atom, ...(names !== undefined && { names }), ...(namespaces !== undefined && { namespaces }) }];
  });
}

function fewOf(all: readonly (string | undefined)[]): string[] | undefined {
  const known = new Set(all);
  const found = [...known].filter((one) => one !== undefined);
  return found.length === known.size && found.length <= few ? found.sort() : undefined;
}
