import { formatPath, problemsIn, valueAt, type Path } from "@plimsoll/api";
import { ConfigError, readGiven } from "../../config/read.ts";
import { setValues } from "./set-values.ts";
import { valuesSchema, type Values } from "./values.ts";

/** Where values are given: files, of which a later one goes before, and texts as in `image.tag=1.2`, which go before all. */
export interface ValueSources {
  files: readonly { name: string; text: string }[];
  sets: readonly string[];
}

type Tree = Record<string, unknown>;

/**
 * The values of all sources as one, without defaults, over a base: maps are merged, all else is replaced, as Helm does it. A null
 * where the schema has none takes back what an earlier source says. Throws a ConfigError that names file, line and field.
 */
export function givenValues(base: object, { files, sets }: ValueSources): object {
  const all = files.map(({ name, text }) => readGiven(valuesSchema, text, name, (value) => value === null));
  const set = sets.reduce<object>((values, text) => setValues(values, text), {});
  const wrong = problemsIn(valuesSchema, set).filter(({ path }) => valueAt(set, path) !== null);
  if (wrong.length > 0) throw new ConfigError("--set", wrong);
  const given = [base, ...all, set].reduce(merged);
  for (const { path } of problemsIn(valuesSchema, given)) if (valueAt(given, path) === null) remove(given, path);
  return given;
}

/** The same with the defaults. Throws a ConfigError. */
export function completeValues(given: object, origin = "values"): Values {
  const found = valuesSchema.safeParse(given);
  if (found.success) return found.data;
  throw new ConfigError(origin, problemsIn(valuesSchema, given));
}

/** What of the values only Helm can do; undefined for none. */
export function helmOnly({ autoUpdate }: Values): string | undefined {
  return autoUpdate.enabled
    ? `${formatPath(["autoUpdate", "enabled"])}: updates that install themselves take Helm: install the chart instead (charts/plimsoll)`
    : undefined;
}

function merged(a: object, b: object): object {
  const result: Tree = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = Object.hasOwn(result, key) ? result[key] : undefined;
    result[key] = isTree(value) ? merged(isTree(before) ? before : {}, value) : value;
  }
  return result;
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function remove(value: object, path: Path): void {
  const parent = valueAt(value, path.slice(0, -1));
  if (typeof parent === "object" && parent !== null) Reflect.deleteProperty(parent, path.at(-1) ?? "");
}
