/** Fields whose values are the user's own, where null is a value, or in a patch takes something away. */
const own = new Set(["params", "default", "forEach", "patch"]);

/** A value without the fields that are null: Kubernetes takes these for not given. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      inner === null && key !== "default" ? [] : [[key, own.has(key) && !isList(key, inner) ? inner : withoutNulls(inner)]],
    ),
  );
}

/** The parameters that a pipeline declares are a list, those that a run gives a map. */
function isList(key: string, value: unknown): boolean {
  return key === "params" && Array.isArray(value);
}
