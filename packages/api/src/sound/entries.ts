import { valueAt, type Path } from "../problems/path.ts";

/** The entries of an object's lists, some of which are taken out: paths of the object as it was are told from paths of what is left. */
export interface Entries {
  /** Where something that is left stood at first. */
  placeOf: (path: Path) => Path;
  /** Where something stands now; undefined where it is in an entry that was taken out. */
  nowAt: (place: Path) => Path | undefined;
  /** Puts a value in the place of another; undefined takes it out. False where nothing holds it. */
  replace: (place: Path, value: unknown) => boolean;
}

/** Takes entries out of the lists of an object, which is changed. */
export function entriesTakenFrom(object: object): Entries {
  /** The places of those that were taken out, in their order, by their list's. */
  const taken = new Map<string, number[]>();
  const takenAt = (list: Path): readonly number[] => taken.get(JSON.stringify(list)) ?? [];
  const nowAt = (place: Path): Path | undefined => {
    const now: (string | number)[] = [];
    for (const [depth, part] of place.entries()) {
      const gone = typeof part === "number" ? takenAt(place.slice(0, depth)) : [];
      if (typeof part === "number" && gone.includes(part)) return undefined;
      now.push(typeof part === "number" ? part - gone.filter((index) => index < part).length : part);
    }
    return now;
  };
  return {
    nowAt,
    placeOf(path) {
      const place: (string | number)[] = [];
      for (const part of path)
        place.push(typeof part === "number" ? takenAt(place).reduce((index, gone) => (gone <= index ? index + 1 : index), part) : part);
      return place;
    },
    replace(place, value) {
      const now = nowAt(place);
      const holder = now && valueAt(object, now.slice(0, -1));
      const key = now?.at(-1);
      if (typeof holder !== "object" || holder === null || key === undefined) return false;
      if (value !== undefined) return Reflect.set(holder, key, value);
      if (!Array.isArray(holder) || typeof key !== "number") return Reflect.deleteProperty(holder, key);
      holder.splice(key, 1);
      const list = place.slice(0, -1);
      taken.set(
        JSON.stringify(list),
        [...takenAt(list), Number(place.at(-1))].toSorted((a, b) => a - b),
      );
      return true;
    },
  };
}
