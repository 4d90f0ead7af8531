import { formatPath, type Path } from "../problems/path.ts";
import type { Schema } from "../schema/structural.ts";
import { closest, nearest } from "./closest.ts";
import { folded } from "./folded.ts";
import { ofContainers, ofPods } from "./kubernetes.ts";
import { names } from "./names.ts";
import { fieldsOf, hasField, placeAt, within } from "./place.ts";
import { words } from "./words.ts";

/**
 * What is said of a field that there isn't: where it is, or what to write in its place; else which known one was perhaps meant. `path`
 * leads to the map that has it, in an object with this schema that stands at the path `at`.
 */
export function elsewhere(field: string, schema: Schema, path: Path, at: Path = []): string {
  const place = placeAt(schema, path);
  const known = fieldsOf(place);
  const theirs = folded(field);
  const isMeant = (name: string): boolean => folded(name) === theirs;
  if (known.some(isMeant)) return closest(field, known);

  const has = (names: string): boolean => hasField(place, names);
  const said = words().find((word) => word.theirs.has(theirs) && fromHere(word.at, path).some(has));
  if (said !== undefined) return `: ${said.text}`;

  const outer = path.map((_, index) => path.slice(0, index)).toReversed();
  const above = (ours: string): string | undefined => {
    const found = outer.find((path) => hasField(placeAt(schema, path), ours));
    return found && formatPath([...at, ...found, ...ours.split(".")]);
  };
  const meant = names()
    .filter((name) => name.theirs.has(theirs))
    .map(({ ours }) => ours);
  const here = (ours: string): string | undefined => [...fromHere(ours, path), `steps[].${ours}`].find(has);
  const near = firstOf(meant, here) ?? within(place, isMeant, 1);
  if (near !== undefined) return itIs(near);
  const patch = here("pod.patch");
  const patched = patch && patchWith(isMeant);
  if (patched !== undefined) return `: give it in ${patch}, as in ${patched}`;
  const sameAbove = outer.flatMap((path) => fieldsOf(placeAt(schema, path))).find(isMeant);
  const far = firstOf(sameAbove === undefined ? meant : [...meant, sameAbove], above) ?? within(place, isMeant, 3);
  return far === undefined ? closest(field, known) : itIs(far);
}

/** The field of the same map that an unknown one seems to be, by its name or by that which other tools give it. */
export function meantBy(field: string, schema: Schema, path: Path): string | undefined {
  const known = fieldsOf(placeAt(schema, path));
  const theirs = folded(field);
  return names().find((name) => name.theirs.has(theirs) && known.includes(name.ours))?.ours ?? nearest(field, known);
}

function itIs(names: string): string {
  return `; it is ${names} here`;
}

/** How a field is named from a place: as it is, or without what leads there. */
function fromHere(ours: string, path: Path): string[] {
  const last = `${path.at(-1)}.`;
  return [ours, ...(ours.startsWith(last) ? [ours.slice(last.length)] : [])];
}

/** A patch of a pod that holds a field of Kubernetes' for which a step has none. */
function patchWith(isMeant: (name: string) => boolean): string | undefined {
  const ofPod = ofPods.find(isMeant);
  if (ofPod !== undefined) return `{spec: {${ofPod}: …}}`;
  const ofContainer = ofContainers.find(isMeant);
  return ofContainer && `{spec: {containers: [{name: step, ${ofContainer}: …}]}}`;
}

function firstOf(names: readonly string[], find: (name: string) => string | undefined): string | undefined {
  for (const name of names) {
    const found = find(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
