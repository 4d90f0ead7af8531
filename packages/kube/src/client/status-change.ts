import { isDeepStrictEqual } from "node:util";

/** The merge patch (RFC 7386) that makes one status another, field by field, also within maps; undefined where they are the same. */
export function statusChange(before: object = {}, after: object): Record<string, unknown> | undefined {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changes = [...keys].flatMap((key): [string, unknown][] => {
    const [old, now]: unknown[] = [Reflect.get(before, key), Reflect.get(after, key)];
    if (isDeepStrictEqual(old, now)) return [];
    return [[key, isMap(old) && isMap(now) ? statusChange(old, now) : (now ?? null)]];
  });
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
