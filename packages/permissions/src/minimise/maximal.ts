import { atomKey, type Atom } from "../atoms.ts";
import { plain, wider, wildcardsIn } from "../wider.ts";

/**
 * The atoms that no other one covers, each once. Two sets of rules mean the same exactly when their maximal atoms are the same:
 * verbs, groups, resources, names and paths are open sets, so no union of smaller atoms ever makes up a wildcard.
 */
export function maximal(atoms: readonly Atom[]): Atom[] {
  const known = new Map<string, Atom>();
  for (const atom of atoms) {
    const one = plain(atom);
    known.set(atomKey(one), one);
  }
  const wildcards = wildcardsIn(known.values());
  const found: Atom[] = [];
  for (const [key, atom] of known) if (!wider(atom, wildcards).some((other) => other !== key && known.has(other))) found.push(atom);
  return found;
}
