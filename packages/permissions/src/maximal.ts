import { atomKey, type Atom } from "./atoms.ts";
import { keyOf } from "./key.ts";
import { withoutStars } from "./path-pattern.ts";

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
  return "path" in atom && atom.path.endsWith("**") ? { verb: atom.verb, path: `${withoutStars(atom.path)}*` } : atom;
}

/** The keys of all atoms that cover one, itself included. The order of a key's texts is `atomKey`'s. */
export function wider(atom: Atom): string[] {
  const verbs = keysOf(atom.verb === "*" ? ["*"] : [atom.verb, "*"]);
  if ("path" in atom) {
    const paths = new Set([atom.path]);
    const prefix = withoutStars(atom.path);
    for (let end = 0; end <= prefix.length; end++) paths.add(`${prefix.slice(0, end)}*`);
    const keys = keysOf([...paths]);
    return verbs.flatMap((verb) => keys.map((path) => verb + path));
  }
  const groups = keysOf(atom.group === "*" ? ["*"] : [atom.group, "*"]);
  const slash = atom.resource.indexOf("/");
  const resources = keysOf(atom.resource === "*" ? ["*"] : [atom.resource, "*"]);
  if (slash >= 0 && !atom.resource.startsWith("*/")) resources.push(keyOf([`*${atom.resource.slice(slash)}`]));
  const names = keysOf(atom.name === undefined ? [undefined] : [undefined, atom.name]);
  const keys: string[] = [];
  for (const verb of verbs)
    for (const group of groups) for (const resource of resources) for (const name of names) keys.push(verb + group + resource + name);
  return keys;
}

function keysOf(texts: readonly (string | undefined)[]): string[] {
  return texts.map((text) => keyOf([text]));
}
