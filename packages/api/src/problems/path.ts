/** Where something stands in an object: the keys of maps and the places in lists that lead to it; empty for the whole. */
export type Path = readonly (string | number)[];

/** `spec.steps[0].image`; a key that isn't a plain word stands in quotes, as in `metadata.labels["app.kubernetes.io/name"]`. */
export function formatPath(path: Path): string {
  return path.map((part, index) => formatPart(part, index === 0)).join("");
}

function formatPart(part: string | number, isFirst: boolean): string {
  if (typeof part === "number") return `[${part}]`;
  if (part === "" || /[.[\]\s"]/.test(part)) return `[${JSON.stringify(part)}]`;
  return isFirst ? part : `.${part}`;
}

/** Whether a path leads to a place or to what is within it. */
export function isWithin(path: Path, place: Path): boolean {
  return place.every((part, index) => path[index] === part);
}

/** What stands at a path of a value; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined),
    value,
  );
}
