/** A field of a cron expression: which values it has, and how they are written. */
export interface Field {
  values: ReadonlySet<number>;
  /** Whether a part of it is `*`, `?` or the same with a step of 1: it doesn't restrict. */
  isStar: boolean;
  /** Whether a part of it is `*` or `?` with whichever step: it says how often, and not when. */
  hasStar: boolean;
  /** Parts that take the month's length or its weekdays, as `L` and `5#2` do. */
  special: readonly Special[];
}

/** A day by the month that it is in. */
export type Special =
  /** So many days before the month's last. */
  | { kind: "last"; before: number }
  /** The weekday (Monday to Friday) nearest to a day of the same month; `day` is undefined for the last. */
  | { kind: "nearest"; day: number | undefined }
  /** The how-manieth one of a weekday, from 1. */
  | { kind: "nth"; weekday: number; nth: number }
  /** The last one of a weekday. */
  | { kind: "lastWeekday"; weekday: number };

/** What a field may hold. */
export interface Bounds {
  name: string;
  min: number;
  max: number;
  /** The first is `min`. */
  names?: readonly string[];
  special?: (part: string, bounds: Bounds) => Special | undefined;
}

const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

export const bounds = {
  minute: { name: "minute", min: 0, max: 59 },
  hour: { name: "hour", min: 0, max: 23 },
  day: { name: "day of the month", min: 1, max: 31, special: specialDay },
  month: {
    name: "month",
    min: 1,
    max: 12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  // 7 is Sunday, too.
  weekday: { name: "day of the week", min: 0, max: 7, names: weekdays, special: specialWeekday },
} satisfies Record<string, Bounds>;

/** Reads a field. Throws an Error that names the part that is wrong, and says the way out. */
export function parseField(text: string, of: Bounds): Field {
  const values = new Set<number>();
  const special: Special[] = [];
  let [isStar, hasStar] = [false, false];
  for (const part of text.split(",")) {
    if (part === "") throw wrong(of, text, "has a comma with nothing on one side of it: take it out");
    const found = of.special?.(part, of);
    if (found !== undefined) {
      special.push(found);
      continue;
    }
    const { from, to, step, star } = rangeOf(part, of);
    hasStar ||= star;
    isStar ||= star && step === 1;
    for (let value = from; value <= to; value += step) values.add(of === bounds.weekday ? value % 7 : value);
  }
  return { values, isStar, hasStar, special };
}

interface Range {
  from: number;
  to: number;
  step: number;
  star: boolean;
}

function rangeOf(part: string, of: Bounds): Range {
  const [range = "", stepText, more] = part.split("/");
  if (more !== undefined) throw wrong(of, part, "has two slashes: one step is all that it can have");
  const step = stepText === undefined ? 1 : /^\d+$/.test(stepText) ? Number(stepText) : 0;
  if (step === 0) throw wrong(of, part, "has no step behind the slash: give a whole number from 1");
  if (range === "*" || range === "?") return { from: of.min, to: of === bounds.weekday ? 6 : of.max, step, star: true };
  const [first = "", last, further] = range.split("-");
  if (further !== undefined) throw wrong(of, part, "has two dashes: a range is FIRST-LAST");
  const from = valueOf(first, of, part);
  if (last === undefined) {
    const end = of === bounds.weekday ? Math.max(from, 6) : of.max;
    return { from, to: stepText === undefined ? from : end, step, star: false };
  }
  let to = valueOf(last, of, part);
  // As in FRI-SUN.
  if (of === bounds.weekday && to === 0 && from > 0) to = 7;
  if (to < from)
    throw wrong(
      of,
      part,
      `ends before it begins: write two ranges, as in ${first}-${of === bounds.weekday ? 6 : of.max},${of.min}-${last}`,
    );
  return { from, to, step, star: false };
}

function valueOf(text: string, of: Bounds, part: string): number {
  const named = of.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return of.min + named;
  if (!/^\d{1,4}$/.test(text)) throw wrong(of, part, hintFor(text, of));
  const value = Number(text);
  if (value < of.min || value > of.max) throw wrong(of, part, `is out of range: give ${of.min} to ${of.max}`);
  return value;
}

function hintFor(text: string, { names, min, max }: Bounds): string {
  if (/^h$/i.test(text) || /^h\(/i.test(text)) return "is Jenkins' H: give a number, and `jitter` to spread schedules out";
  const short = names?.find((name) => text.toLowerCase().startsWith(name));
  if (short !== undefined) return `is written out: give ${short.toUpperCase()}`;
  return `is not understood: give a number from ${min} to ${max}${names ? `, or a name as ${names[0]?.toUpperCase()}` : ""}`;
}

function wrong({ name }: Bounds, part: string, what: string): Error {
  return new Error(`the ${name} "${part}" ${what}`);
}

function specialDay(part: string, of: Bounds): Special | undefined {
  const [, before, isNearestLast, nearest] = /^(?:L(?:-(\d{1,2}))?|(LW)|(\d{1,2})W)$/i.exec(part) ?? [];
  if (/^L/i.test(part) && isNearestLast === undefined && /^L(-\d{1,2})?$/i.test(part)) {
    const days = Number(before ?? 0);
    if (days > 30) throw wrong(of, part, "is more days than a month has");
    return { kind: "last", before: days };
  }
  if (isNearestLast !== undefined) return { kind: "nearest", day: undefined };
  if (nearest === undefined) return undefined;
  const day = Number(nearest);
  if (day < 1 || day > 31) throw wrong(of, part, "is out of range: give 1W to 31W");
  return { kind: "nearest", day };
}

function specialWeekday(part: string, of: Bounds): Special | undefined {
  const [, text = "", nth, last] = /^([a-z]{3}|\d)(?:#(\d)|(L))$/i.exec(part) ?? [];
  if (text === "") return undefined;
  const weekday = valueOf(text, of, part) % 7;
  if (last !== undefined) return { kind: "lastWeekday", weekday };
  const number = Number(nth);
  if (number < 1 || number > 5) throw wrong(of, part, "is none that a month has: give #1 to #5");
  return { kind: "nth", weekday, nth: number };
}
