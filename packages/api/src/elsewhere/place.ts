import type { Path } from "../problems/path.ts";
import type { Schema } from "../schema/structural.ts";

/** A map of an object, as the schema has it: what may be a union, by each of its sides. */
export type Place = readonly Schema[];

/** The map at a path of an object with this schema. */
export function placeAt(schema: Schema, path: Path): Place {
  return path.reduce<Place>(
    (place, key) => (typeof key === "number" ? entriesOf(place) : [...fieldOf(place, key), ...valuesOf(place)]),
    sidesOf(schema),
  );
}

/** The names of its fields. */
export function fieldsOf(place: Place): string[] {
  return place.flatMap(({ properties = {} }) => Object.keys(properties));
}

/** Whether it has a field, or one that stands deeper, as `resources.limits` or `steps[].image`. */
export function hasField(place: Place, names: string): boolean {
  const inner = names
    .split(".")
    .reduce((at, name) => (name.endsWith("[]") ? entriesOf(fieldOf(at, name.slice(0, -2))) : fieldOf(at, name)), place);
  return inner.length > 0;
}

/** Where a field is that stands deeper within, as in `retry.limit` or `steps[].image`: of several, the first of the least depth. */
export function within(place: Place, isMeant: (name: string) => boolean, depth: number): string | undefined {
  let level = [{ at: "", place }];
  for (let levels = 0; levels < depth; levels += 1) {
    level = level.flatMap(({ at, place }) => fieldsOf(place).flatMap((name) => innerOf(at, name, fieldOf(place, name))));
    for (const { at, place } of level) {
      const found = fieldsOf(place).find(isMeant);
      if (found !== undefined) return at + found;
    }
  }
  return undefined;
}

/** Of lists, that of the steps alone: whoever means the field of an entry has written the list. */
function innerOf(at: string, name: string, place: Place): { at: string; place: Place }[] {
  if (name === "status") return [];
  return name === "steps" ? [{ at: `${at}steps[].`, place: entriesOf(place) }] : [{ at: `${at}${name}.`, place }];
}

/** What one of its fields holds. */
export function fieldOf(place: Place, name: string): Place {
  return place.flatMap(({ properties = {} }) => (Object.hasOwn(properties, name) ? sidesOf(properties[name]) : []));
}

function valuesOf(place: Place): Place {
  return place.flatMap(({ additionalProperties }) => sidesOf(additionalProperties));
}

/** What a list of this schema holds. */
export function entriesOf(place: Place): Place {
  return place.flatMap(({ items }) => sidesOf(items));
}

/** What a schema is a union of, too: what may be null is a union with null. */
function sidesOf(schema: Schema | undefined): Place {
  return schema ? [schema, ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(sidesOf)] : [];
}
