import { calendarDay, firstOf, hasDay } from "./days.ts";
import type { Cron } from "./expression.ts";
import type { Zone } from "./zone.ts";

/** What is done about times that a clock on the wall doesn't show, and about those that it shows twice. */
export interface ClockRules {
  /** `after`: at the moment at which the clock is set forward; `skip`: not at all. */
  gap: "skip" | "after";
  /** `first`: the first time alone; `both`: twice. */
  repeat: "first" | "both";
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Nothing that recurs is further away: the 29th of February is a given weekday, and so a fifth one, once in 28 years, or in 40 over 2100. */
const horizon = 41 * 366;

/** The first time of an expression after a moment; undefined where it never comes. Milliseconds since 1970. */
export function nextOf(cron: Cron, zone: Zone, rules: ClockRules, after: number): number | undefined {
  // The clock may be set back over a midnight: what the next day shows can come before the last of this one.
  const first = Math.floor(zone.wallAt(after) / day) - 1;
  let found: number | undefined;
  let until = first + horizon;
  for (let at = dayFrom(cron, first, 1, until); at <= until; at = dayFrom(cron, at + 1, 1, until)) {
    for (const moment of momentsOn(cron, zone, rules, at)) if (moment > after && (found === undefined || moment < found)) found = moment;
    if (found !== undefined) until = Math.min(until, at + 1);
  }
  return found;
}

/** The last time of an expression before a moment; undefined where there was none. */
export function previousOf(cron: Cron, zone: Zone, rules: ClockRules, before: number): number | undefined {
  const last = Math.floor(zone.wallAt(before) / day) + 1;
  let found: number | undefined;
  let until = last - horizon;
  for (let at = dayFrom(cron, last, -1, until); at >= until; at = dayFrom(cron, at - 1, -1, until)) {
    for (const moment of momentsOn(cron, zone, rules, at)) if (moment < before && (found === undefined || moment > found)) found = moment;
    if (found !== undefined) until = Math.max(until, at - 1);
  }
  return found;
}

/** The first day that an expression has, from one on and in a direction; beyond `until` where there is none up to there. */
function dayFrom(cron: Cron, from: number, step: 1 | -1, until: number): number {
  for (let at = from; step > 0 ? at <= until : at >= until;) {
    const of = calendarDay(at);
    if (hasDay(cron, of)) return at;
    // A month that it doesn't have is left out as a whole.
    if (cron.month.values.has(of.month)) at += step;
    else at = step > 0 ? firstOf(of.year, of.month + 1) : firstOf(of.year, of.month) - 1;
  }
  return until + step;
}

/** The moments of a day that an expression has, in no particular order. */
function* momentsOn(cron: Cron, zone: Zone, rules: ClockRules, of: number): Generator<number> {
  const base = of * day;
  const offset = zone.offsetOf(of);
  for (const hours of cron.hour.values)
    for (const minutes of cron.minute.values) {
      const wall = base + hours * hour + minutes * minute;
      if (offset !== undefined) yield wall - offset;
      else yield* changed(cron, zone, rules, wall);
    }
}

/**
 * A star says how often, and not when: "every hour" goes on with the time that passes, whatever the clock does. The rules are for what
 * was given a time of its own.
 */
function* changed(cron: Cron, zone: Zone, { gap, repeat }: ClockRules, wall: number): Generator<number> {
  const moments = zone.momentsOf(wall);
  if (moments.kind === "once") yield moments.at;
  else if (moments.kind === "twice") {
    yield moments.first;
    if (repeat === "both" || cron.hour.hasStar || cron.minute.hasStar) yield moments.second;
  } else if (gap === "after" && !cron.hour.hasStar) yield moments.after;
}
