import type * as z from "zod";
import type { Path } from "./path.ts";
import type { Problem } from "./problem.ts";

/** Adds checks that name the field that is wrong. The API server doesn't make them: `plimsoll lint` and the controller do. */
export function withProblems<S extends z.ZodType>(schema: S, find: (value: z.output<S>) => Iterable<Problem>): S {
  const checked = schema.superRefine((value, context) => {
    for (const { path, message, by = [] } of find(value)) context.addIssue({ code: "custom", path: [...path], message, params: { by } });
  });
  return checked.meta({ ...schema.meta() });
}

/** Entries of a list that are named as an earlier one is. */
export function* repeated(list: readonly object[], key: string, at: Path = []): Generator<Problem> {
  const names = list.map((entry): unknown => Reflect.get(entry, key));
  for (const [index, first] of again(names))
    yield { path: [...at, index, key], message: `${JSON.stringify(names[index])} stands in entry ${first} already: give each its own` };
}

/** What stands twice in a list that is a set. */
export function* twice(entries: readonly string[]): Generator<Problem> {
  for (const [index, first] of again(entries))
    yield { path: [index], message: `"${entries[index]}" is entry ${first} already: take one of them out` };
}

/** The places of values that stood in a list before, each with the first place; undefined is none. */
function* again(values: readonly unknown[]): Generator<[index: number, first: number]> {
  const places = new Map<unknown, number>();
  for (const [index, value] of values.entries()) {
    if (value === undefined) continue;
    const first = places.get(value);
    if (first === undefined) places.set(value, index);
    else yield [index, first];
  }
}

/** What is wrong with an object that must have just one of some fields. */
export function* oneOf(value: object, names: readonly string[]): Generator<Problem> {
  const given = names.filter((name) => Reflect.get(value, name) !== undefined);
  if (given.length === 0) yield { path: [], message: `give one of ${names.join(", ")}` };
  const [first, ...more] = given;
  for (const name of more) yield { path: [name], message: `stands beside ${first}: give one of them` };
}
