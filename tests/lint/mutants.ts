import type { Random } from "../../bench/random.ts";

type Path = readonly (string | number)[];

const texts = [
  "",
  "a",
  "A",
  "a b",
  "a_b",
  "-a",
  "a-",
  "a.b",
  "a..b",
  "a/b",
  "/a",
  "../a",
  "a/../b",
  "..a",
  "ünï",
  "a=b",
  "9",
  "a".repeat(64),
  "a".repeat(254),
  "x/y/z",
  "example.com/a",
  "Always",
  "None",
  "metadata.name",
  "10.0.0.1",
  "0755",
  "-0",
  "__a",
];
const amounts = ["0", "-1", "1", "500m", "0.5", "1Gi", "1gi", "1e3", "1 Gi", "100Ei", "", "a", ".5", "1m", "+1", "01", "1e0", "1024"];
const numbers = [-1, 0, 1, 0.5, 30, 101, 511, 512, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31];
const others: readonly unknown[] = [null, true, "a", 1, [], {}, ["a"], { a: "b" }];
const keys = [
  "a",
  "A b",
  "cpu",
  "memory",
  "storage",
  "nvidia.com/gpu",
  "hugepages-2Mi",
  "kubernetes.io/x",
  "example.com/",
  "key",
  "name",
  "value",
  "operator",
  "exec",
  "secret",
  "configMap",
  "optional",
];

/** A copy of a value with one change somewhere in it, below one of the paths; and what was changed. */
export function mutate(value: object, within: readonly Path[], random: Random): { mutant: object; change: string } {
  const mutant = structuredClone(value);
  const places = within.flatMap((path) => [...placesIn(at(mutant, path), path)]);
  const path = random.of(places);
  const holder: unknown = at(mutant, path.slice(0, -1));
  const key = path.at(-1) ?? "";
  if (typeof holder !== "object" || holder === null) throw new TypeError("nothing holds the place");
  const change =
    Array.isArray(holder) && typeof key === "number" ? changeList(holder, key, random) : changeMap(holder, String(key), random);
  return { mutant, change: `${path.join(".")}: ${change}` };
}

function changeList(list: unknown[], index: number, random: Random): string {
  if (random.chance(0.25)) return told("taken out", list.splice(index, 1));
  if (random.chance(0.3)) return told("twice", list.splice(index, 0, structuredClone(list[index])));
  return changeValue(list[index], random, (value) => (list[index] = value));
}

function changeMap(map: object, key: string, random: Random): string {
  const value: unknown = Reflect.get(map, key);
  if (random.chance(0.15)) return told("taken out", Reflect.deleteProperty(map, key));
  if (random.chance(0.1)) {
    const other = random.chance(0.5) ? random.of(keys) : `${key}s`;
    Reflect.deleteProperty(map, key);
    return told(`named ${other}`, Reflect.set(map, other, value));
  }
  if (random.chance(0.1)) {
    const other = random.of(keys);
    return told(`${other} beside it`, Reflect.set(map, other, structuredClone(value)));
  }
  return changeValue(value, random, (changed) => Reflect.set(map, key, changed));
}

function changeValue(value: unknown, random: Random, set: (value: unknown) => void): string {
  const isAmount = typeof value === "string" && /^\d+(\.\d+)?[munkKMGTPEi]*$/.test(value);
  const pool = random.chance(0.15)
    ? others
    : isAmount
      ? amounts
      : typeof value === "number"
        ? numbers
        : typeof value === "string"
          ? texts
          : others;
  const changed = structuredClone(random.of(pool));
  set(changed);
  return JSON.stringify(changed);
}

function told(what: string, _done: unknown): string {
  return what;
}

function* placesIn(value: unknown, path: Path): Generator<Path> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const own = [...path, Array.isArray(value) ? Number(key) : key];
    yield own;
    yield* placesIn(inner, own);
  }
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined), value);
}
