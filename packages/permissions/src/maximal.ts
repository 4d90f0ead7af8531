import { atomKey, type Atom } from "./atoms.ts";

/**
 * The atoms that no other one covers, each once. Two sets of rules mean the same exactly when their maximal atoms are the same:
 * verbs, groups, resources, names and paths are open sets, so no union of smaller atoms ever makes up a wildcard.
 */
export function maximal(atoms: readonly Atom[]): Atom[] {
  const known = new Map(atoms.map((atom) => [atomKey(plain(atom)), plain(atom)]));
  const keys = new Set(known.keys());
  const found: Atom[] = [];
  for (const [key, atom] of known) if (!wider(atom).some((other) => other !== key && keys.has(other))) found.push(atom);
  return found;
}

/** A path's stars at the end are worth one. */
export function plain(atom: Atom): Atom {
  return "path" in atom && atom.path.endsWith("**") ? { verb: atom.verb, path: atom.path.replace(/\*+$/, "*") } : atom;
}

/** The keys of all atoms that cover one, itself included. The order of a key's texts is `atomKey`'s. */
export function wider(atom: Atom): string[] {
  const verbs = atom.verb === "*" ? ["*"] : [atom.verb, "*"];
  if ("path" in atom) {
    const paths = new Set([atom.path]);
    const prefix = atom.path.replace(/\*+$/, "");
    for (let end = 0; end <= prefix.length; end++) paths.add(`${prefix.slice(0, end)}*`);
    return verbs.flatMap((verb) => [...paths].map((path) => `${verb}\0${path}`));
  }
  const groups = atom.group === "*" ? ["*"] : [atom.group, "*"];
  const slash = atom.resource.indexOf("/");
  const resources = atom.resource === "*" ? ["*"] : [atom.resource, "*"];
  if (slash >= 0 && !atom.resource.startsWith("*/")) resources.push(`*${atom.resource.slice(slash)}`);
  const keys: string[] = [];
  for (const verb of verbs) {
    for (const group of groups) {
      for (const resource of resources) {
        const key = `${verb}\0${group}\0${resource}`;
        keys.push(key);
        if (atom.name !== undefined) keys.push(`${key}\0${atom.name}`);
      }
    }
  }
  return keys;
}
