const hour = 3_600_000;
const day = 24 * hour;

/**
 * What a clock on the wall shows is written as the milliseconds since 1970 that UTC would have for it. Here it is one moment, two where the
 * clock is set back over it, or none where it is set forward: then `after` is the moment of that.
 */
export type Moments = { kind: "once"; at: number } | { kind: "twice"; first: number; second: number } | { kind: "never"; after: number };

/** The offsets before and after a change of the clock, in milliseconds ahead of UTC, and the moment of it. */
interface Change {
  before: number;
  after: number;
  at: number;
}

/** A zone whose days have been looked at is remembered so far. */
const mostDays = 4_000;

const zones = new Map<string, Zone>();

/** The zone of an IANA name; the same for the same name. Throws a RangeError where there is none of that name. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const zone = new Zone(name);
  zones.set(name, zone);
  return zone;
}

/** Whether there is a time zone of that name. An offset such as +02:00 is none: it has no rules for summer time. */
export function isZone(name: string): boolean {
  try {
    zoneOf(name);
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/**
 * A time zone of the IANA database, as the JavaScript engine has it. `Intl` gives its offsets in every Node that is supported; they are asked
 * for once a day, so that what is reckoned with them is arithmetic.
 */
export class Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  /** The offset of each day of UTC that was asked about, or the change that is in it. */
  readonly #days = new Map<number, Change | number>();
  /** The same of all moments at which a clock on the wall may show the times of a day. */
  readonly #wallDays = new Map<number, Change | number>();

  constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  }

  /** Milliseconds ahead of UTC at a moment. */
  offsetAt(ms: number): number {
    const found = this.#ofDay(Math.floor(ms / day));
    if (typeof found === "number") return found;
    return ms < found.at ? found.before : found.after;
  }

  /** What a clock on the wall shows at a moment. */
  wallAt(ms: number): number {
    return ms + this.offsetAt(ms);
  }

  /** When a clock on the wall shows a time. */
  momentsOf(wall: number): Moments {
    const change = this.#changeAround(Math.floor(wall / day));
    if (typeof change === "number") return { kind: "once", at: wall - change };
    const { before, after, at } = change;
    const [first, second] = [wall - before, wall - after];
    if (first < at && second >= at) return { kind: "twice", first, second };
    if (first < at) return { kind: "once", at: first };
    return second >= at ? { kind: "once", at: second } : { kind: "never", after: at };
  }

  /** The offset that all of a wall's day has; undefined where the clock changes on it, or near it. */
  offsetOf(wallDay: number): number | undefined {
    const change = this.#changeAround(wallDay);
    return typeof change === "number" ? change : undefined;
  }

  /** Offsets are between -12 and +14 hours. */
  #changeAround(wallDay: number): Change | number {
    return remembered(this.#wallDays, wallDay, () => {
      const [from, to] = [wallDay * day - 14 * hour, (wallDay + 1) * day + 12 * hour];
      const before = this.offsetAt(from);
      for (let utcDay = Math.floor(from / day); utcDay <= Math.floor(to / day); utcDay += 1) {
        const found = this.#ofDay(utcDay);
        if (typeof found !== "number" && found.at > from && found.at <= to) return found;
      }
      return before;
    });
  }

  #ofDay(utcDay: number): Change | number {
    return remembered(this.#days, utcDay, () => {
      const [from, to] = [utcDay * day, (utcDay + 1) * day];
      const [before, after] = [this.#ask(from), this.#ask(to)];
      return before === after ? before : { before, after, at: this.#between(from, to, before) };
    });
  }

  /** The first second whose offset is another than that of `from`. */
  #between(from: number, to: number, offset: number): number {
    let [low, high] = [from / 1000, to / 1000];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#ask(middle * 1000) === offset) low = middle;
      else high = middle;
    }
    return high * 1000;
  }

  /** `GMT`, `GMT+05:30` or, long ago, `GMT-00:44:30` at the end of the text. */
  #ask(ms: number): number {
    const [, sign, hours = "0", minutes = "0", seconds = "0"] =
      /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(this.#format.format(ms)) ?? [];
    return (sign === "-" ? -1 : 1) * ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  }
}

function remembered<T>(known: Map<number, T>, key: number, find: () => T): T {
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = find();
  if (known.size >= mostDays) known.clear();
  known.set(key, found);
  return found;
}
