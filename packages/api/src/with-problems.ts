import type * as z from "zod";
import type { Path } from "./path.ts";
import type { Problem } from "./problem.ts";

/** Adds checks that name the field that is wrong. The API server doesn't make them: `plimsoll lint` and the controller do. */
export function withProblems<S extends z.ZodType>(schema: S, find: (value: z.output<S>) => Iterable<Problem>): S {
  const checked = schema.superRefine((value, context) => {
    for (const { path, message } of find(value)) context.addIssue({ code: "custom", path: [...path], message });
  });
  return checked.meta({ ...schema.meta() });
}

/** Entries of a list that are named as an earlier one is. */
export function* repeated(list: readonly object[], key: string, at: Path = []): Generator<Problem> {
  const places = new Map<unknown, number>();
  for (const [index, entry] of list.entries()) {
    const name: unknown = Reflect.get(entry, key);
    if (name === undefined) continue;
    const first = places.get(name);
    if (first === undefined) places.set(name, index);
    else yield { path: [...at, index, key], message: `${JSON.stringify(name)} stands in entry ${first} already: give each its own` };
  }
}

/** What is wrong with an object that must have just one of some fields. */
export function* oneOf(value: object, names: readonly string[]): Generator<Problem> {
  const given = names.filter((name) => Reflect.get(value, name) !== undefined);
  if (given.length === 0) yield { path: [], message: `give one of ${names.join(", ")}` };
  const [first, ...more] = given;
  for (const name of more) yield { path: [name], message: `stands beside ${first}: give one of them` };
}

/** What stands twice in a list that is a set. */
export function* twice(entries: readonly string[]): Generator<Problem> {
  if (new Set(entries).size === entries.length) return;
  const places = new Map<string, number>();
  for (const [index, one] of entries.entries()) {
    const first = places.get(one);
    if (first === undefined) places.set(one, index);
    else yield { path: [index], message: `"${one}" is entry ${first} already: take one of them out` };
  }
}
