import { isDeepStrictEqual } from "node:util";

/** What a merge patch has to say so that one status becomes another, field by field; undefined where they are the same. */
export function statusChange(before: object = {}, after: object): object | undefined {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changes = [...keys].flatMap((key) => {
    const [old, now]: unknown[] = [Reflect.get(before, key), Reflect.get(after, key)];
    return isDeepStrictEqual(old, now) ? [] : [[key, now ?? null] as const];
  });
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}
