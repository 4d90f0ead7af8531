import { formatPath, isWithin, type Path } from "../problems/path.ts";
import { isByAnotherName, type Found } from "../problems/found.ts";

/** What was taken out of an object, or has something else in its place; with the place of that, and the value that was there. */
export interface Gone extends Found {
  was: unknown;
}

/** Fields of pods, each with those elsewhere that say what it may be. */
const leansOn: Readonly<Record<string, readonly string[]>> = {
  volumeMounts: ["volumes", "patch"],
  volumeDevices: ["volumes", "patch"],
  claims: ["resourceClaims", "patch"],
  initContainers: ["volumes", "resourceClaims", "patch"],
  securityContext: ["securityContext", "patch"],
  serviceAccountName: ["serviceAccountName", "volumes", "patch"],
  dnsPolicy: ["dnsConfig", "patch"],
  dnsConfig: ["dnsPolicy", "patch"],
};

/** Fields of a step that others ask for by its name. */
const asked: ReadonlySet<string> = new Set(["name", "needs", "forEach"]);

/** What is known to be wrong with an object, by its places in what the user has written. */
export class Known {
  /** All that is told, in its order. */
  readonly problems: Found[] = [];
  readonly #at: Path;
  /** The messages that are told of a place. */
  readonly #told = new Map<string, string[]>();
  readonly #gone: Gone[] = [];
  readonly #gonePlaces = new Set<string>();
  /** What holds something that is gone: directly, and at all. */
  readonly #holders = new Set<string>();
  readonly #enclosing = new Set<string>();

  /** `at`: where what is read field by field stands. */
  constructor(at: Path) {
    this.#at = at;
  }

  tell(problem: Found): void {
    this.problems.push(problem);
    const place = formatPath(problem.path);
    this.#told.set(place, [...(this.#told.get(place) ?? []), problem.message]);
  }

  takeOut(gone: Gone): void {
    this.#gone.push(gone);
    const places = prefixesOf(gone.path);
    this.#gonePlaces.add(places.at(-1) ?? "");
    this.#holders.add(places.at(-2) ?? "");
    for (const place of places) this.#enclosing.add(place);
  }

  isGone(place: Path): boolean {
    return this.#gonePlaces.has(formatPath(place));
  }

  /** Whether a problem may be none but for others that are known: what it is about is wrong, or was taken out. */
  isFollowing(problem: Found): boolean {
    const { path, rule = "field", by = [] } = problem;
    const places = prefixesOf(path);
    if (places.some((place, depth) => this.#gonePlaces.has(place) || (this.#told.has(place) && !this.#isWhole(path.slice(0, depth + 1)))))
      return true;
    const place = places.at(-1) ?? "";
    if (this.#told.get(place)?.includes(problem.message) || isByAnotherName(problem, this.problems) || this.hangsOnGone(problem))
      return true;
    if (rule !== "field" && rule !== "pod" && rule !== "param") return false;
    if (by.length === 0) {
      if (this.#enclosing.has(place)) return true;
      const holder = path.slice(0, -1);
      if (!this.#isWhole(holder) && holder.at(-1) !== "pod" && this.#holders.has(formatPath(holder))) return true;
      if (this.#isStep(path) && this.#enclosing.has(formatPath([...this.#at, "pod"]))) return true;
    }
    return path.some((part) => leansOn[part]?.some((field) => this.#isGoneNear(field, path)));
  }

  /** Whether a problem is one by fields that are gone. */
  hangsOnGone({ path, by = [] }: Found): boolean {
    return by.some((field) => this.#gone.some((one) => this.#isOf(field, one, path)));
  }

  #isGoneNear(field: string, path: Path): boolean {
    const depth = this.#at.length + 2;
    return this.#gone.some(
      (one) =>
        (one.path.includes(field) || one.meant === field) &&
        (!this.#isStep(one.path.slice(0, depth)) || isWithin(path, one.path.slice(0, depth))),
    );
  }

  /** Whether what is gone is, or may be, a field that what stands at a path asks for. */
  #isOf(field: string, { path, meant, was }: Gone, asking: Path): boolean {
    const last = meant ?? path.at(-1);
    const holder = path.slice(0, -1);
    if (!isWithin(path, this.#at)) return last === field && isSame(holder, asking);
    const [list, index, key] = path.slice(this.#at.length);
    const isAsked = asked.has(field);
    if (index === undefined) return isAsked ? last === "steps" || last === "finally" : last === field;
    if (field === "params") return list === "params" && (key === undefined || last === "name" || last === "type");
    if (list !== "steps" && list !== "finally") return false;
    if (key === undefined) return isAsked;
    // Others can't ask for it by a text that is no name.
    if (key === "name" && typeof was === "string") return false;
    const isOwn = this.#isStep(holder) && last === field;
    return isAsked ? isOwn || key === field : isOwn && isWithin(asking, holder);
  }

  /** Whether a place has fields that are told by themselves. */
  #isWhole(place: Path): boolean {
    return this.#isStep(place) || place.length <= this.#at.length;
  }

  #isStep(place: Path): boolean {
    return place.length === this.#at.length + 2 && isWithin(place, this.#at) && typeof place.at(-1) === "number";
  }
}

/** The places that enclose a path, from the outermost to itself. */
export function prefixesOf(path: Path): string[] {
  return path.map((_, depth) => formatPath(path.slice(0, depth + 1)));
}

function isSame(a: Path, b: Path): boolean {
  return a.length === b.length && isWithin(a, b);
}
