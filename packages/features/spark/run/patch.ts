import { isDeepStrictEqual } from "node:util";

type Map = Readonly<Record<string, unknown>>;

/** The merge patch (RFC 7386) that makes one map another; undefined where they are the same. */
export function changeOf(before: Map, after: Map): Record<string, unknown> | undefined {
  const changes = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key): [string, unknown][] => {
    const [old, now] = [before[key], after[key]];
    if (isDeepStrictEqual(old, now)) return [];
    if (isMap(old) && isMap(now)) return [[key, changeOf(old, now)]];
    return [[key, now ?? null]];
  });
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

function isMap(value: unknown): value is Map {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
