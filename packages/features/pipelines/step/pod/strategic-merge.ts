/** The field by which the entries of a list are told apart; undefined for a list that is replaced whole. The path has no places. */
export type MergeKeyOf = (fields: readonly string[]) => string | undefined;

type Entries = Readonly<Record<string, unknown>>;

/** A value with a strategic merge patch over it (k8s.io/apimachinery, strategicpatch); neither is changed. */
export function merged(value: unknown, patch: unknown, mergeKeyOf: MergeKeyOf, fields: readonly string[] = []): unknown {
  const mergeKey = mergeKeyOf(fields);
  const inner = (own: unknown, change: unknown, key: string): unknown => merged(own, change, mergeKeyOf, [...fields, key]);
  if (mergeKey !== undefined && Array.isArray(patch))
    return mergedList(Array.isArray(value) ? value : [], patch, mergeKey, (entry, change) => mergedMap(entry, change, inner));
  return isMap(patch) ? mergedMap(value, patch, inner) : patch;
}

/** null takes a field away; so does it where the map is new, as there is nothing that could be null. */
function mergedMap(
  value: unknown,
  { $patch: directive, ...changes }: Entries,
  merge: (own: unknown, change: unknown, key: string) => unknown,
): Entries {
  if (directive === "delete") return {};
  const result = new Map(directive !== "replace" && isMap(value) ? Object.entries(value) : []);
  for (const [key, change] of Object.entries(changes)) {
    if (change === null) result.delete(key);
    else result.set(key, merge(result.get(key), change, key));
  }
  return Object.fromEntries(result);
}

/** What goes goes first. Entries that are there stay in their places; others come behind them. */
function mergedList(
  list: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
  merge: (entry: unknown, change: Entries) => unknown,
): unknown[] {
  const keyOf = (entry: unknown): unknown => (isMap(entry) ? entry[mergeKey] : undefined);
  const changes = patch.filter(isMap);
  const directed = (directive: string): Entries[] => changes.filter(({ $patch }) => $patch === directive);
  const gone = new Set(directed("delete").map(keyOf));
  const result = directed("replace").length > 0 ? [] : list.filter((entry) => !gone.has(keyOf(entry)));
  for (const change of changes) {
    if (change["$patch"] === "delete" || change["$patch"] === "replace") continue;
    const at = result.findIndex((entry) => keyOf(entry) === keyOf(change));
    if (at < 0) result.push(merge(undefined, change));
    else result[at] = merge(result[at], change);
  }
  return result;
}

/** Whether a value is a map of names to values. */
export function isMap(value: unknown): value is Entries {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
