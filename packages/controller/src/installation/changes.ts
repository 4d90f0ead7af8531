/** What differs in one field between two states of an object. */
export interface FieldChange {
  /** As in `spec.template.spec.containers[0].image`. */
  path: string;
  /** Undefined: there was none. */
  before?: unknown;
  /** Undefined: there is none any more. */
  after?: unknown;
}

/** What the API server writes itself. */
const serverSide = new Set(["managedFields", "resourceVersion", "generation", "creationTimestamp", "uid"]);

/** The fields in which two states of an object differ, but for its status and what the API server keeps of every object. */
export function fieldChanges(before: object, after: object): FieldChange[] {
  return [...changes("", withoutServerSide(before), withoutServerSide(after))];
}

function withoutServerSide(object: object): object {
  const { status: _, metadata = {}, ...rest } = object as { status?: unknown; metadata?: object };
  return { metadata: Object.fromEntries(Object.entries(metadata).filter(([name]) => !serverSide.has(name))), ...rest };
}

function* changes(path: string, before: unknown, after: unknown): Generator<FieldChange> {
  if (isMap(before) && isMap(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      yield* changes(step(path, key), Reflect.get(before, key), Reflect.get(after, key));
  } else if (Array.isArray(before) && Array.isArray(after)) {
    yield* listChanges(path, before, after);
  } else if (before !== after) {
    yield { path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
  }
}

/** Of lists of unlike lengths, the entries that only one of them has: an entry put in before others doesn't change those. */
function* listChanges(path: string, before: readonly unknown[], after: readonly unknown[]): Generator<FieldChange> {
  if (before.length === after.length) {
    for (const [index, entry] of after.entries()) yield* changes(`${path}[${index}]`, before[index], entry);
    return;
  }
  const keys = (list: readonly unknown[]): Set<string> => new Set(list.map((entry) => JSON.stringify(entry)));
  const [old, now] = [keys(before), keys(after)];
  for (const [index, entry] of before.entries()) if (!now.has(JSON.stringify(entry))) yield { path: `${path}[${index}]`, before: entry };
  for (const [index, entry] of after.entries()) if (!old.has(JSON.stringify(entry))) yield { path: `${path}[${index}]`, after: entry };
  // The same entries, some of them more or less often.
  if ([...old, ...now].every((key) => old.has(key) && now.has(key))) yield { path, before, after };
}

function step(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
