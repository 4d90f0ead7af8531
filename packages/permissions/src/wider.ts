import type { Atom } from "./atoms.ts";
import { keyOf } from "./key.ts";
import { withoutStars } from "./path-pattern.ts";

/** A path's stars at the end are worth one. */
export function plain(atom: Atom): Atom {
  return "path" in atom && atom.path.endsWith("**") ? { verb: atom.verb, path: `${withoutStars(atom.path)}*` } : atom;
}

/** The wildcards that stand in some of the atoms, each behind the field that it stands in. */
export function wildcardsIn(atoms: Iterable<Atom>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const atom of atoms) {
    if (atom.verb === "*") found.add("verb *");
    if ("path" in atom) {
      if (atom.path.endsWith("*")) found.add(`path ${atom.path}`);
      continue;
    }
    if (atom.group === "*") found.add("group *");
    if (atom.resource.startsWith("*")) found.add(`resource ${atom.resource}`);
  }
  return found;
}

/**
 * The keys of all atoms that cover one, itself included; with the wildcards that there are, only those that can be among them.
 * The order of a key's texts is `atomKey`'s.
 */
export function wider(atom: Atom, wildcards?: ReadonlySet<string>): string[] {
  const alsoAs = (field: string, text: string, ...others: string[]): string[] =>
    keysOf([text, ...others.filter((other) => other !== text && (wildcards?.has(`${field} ${other}`) ?? true))]);
  const verbs = alsoAs("verb", atom.verb, "*");
  if ("path" in atom) {
    const prefix = withoutStars(atom.path);
    const paths = alsoAs("path", atom.path, ...Array.from({ length: prefix.length + 1 }, (_, end) => `${prefix.slice(0, end)}*`));
    return verbs.flatMap((verb) => paths.map((path) => verb + path));
  }
  const groups = alsoAs("group", atom.group, "*");
  const slash = atom.resource.indexOf("/");
  const resources = alsoAs("resource", atom.resource, "*", ...(slash < 0 ? [] : [`*${atom.resource.slice(slash)}`]));
  const names = keysOf(atom.name === undefined ? [undefined] : [undefined, atom.name]);
  const keys: string[] = [];
  for (const verb of verbs)
    for (const group of groups) for (const resource of resources) for (const name of names) keys.push(verb + group + resource + name);
  return keys;
}

function keysOf(texts: readonly (string | undefined)[]): string[] {
  return texts.map((text) => keyOf([text]));
}
