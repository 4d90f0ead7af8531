import type { Path } from "@plimsoll/api";
import type { Cron } from "./expression.ts";
import { nextOf, type ClockRules } from "./occurrences.ts";
import type { Timing } from "./timing.ts";
import type { Zone } from "./zone.ts";

/** Something that is as it is written, and perhaps not as it is meant. */
export interface Note {
  path: Path;
  message: string;
}

const day = 86_400_000;

/** What may surprise in the expressions of a timing; clocks are looked at for a year from `now`, in milliseconds since 1970. */
export function notesOf({ expressions, rules }: Timing, now: number): Note[] {
  return expressions.flatMap(({ cron, zone, at }) => {
    const told = [...inFields(cron)];
    if (nextOf(cron, zone, rules, now) === undefined) told.push("never comes: to start runs by hand alone, say `suspend: true`");
    else told.push(...overChanges(cron, zone, rules, now));
    return told.map((message) => ({ path: at, message: `"${cron.source}": ${message}` }));
  });
}

function* inFields({ source, minute, hour, day, weekday }: Cron): Generator<string> {
  const fields = source.replace(/^(?:CRON_)?TZ=\S+\s+/, "").split(/\s+/);
  if (fields.length !== 5) return;
  const [minutes = "", hours = "", days = "", , weekdays = ""] = fields;
  if (!day.isStar && !weekday.isStar)
    yield "the days of the month and those of the week are both restricted: it runs on the days of either";
  if (/^[*?]\/1$/.test(weekdays) && !day.isStar)
    yield `"${weekdays}" is every day and doesn't restrict: it runs on the days of the month alone`;
  if (/^[*?]\/1$/.test(days) && !weekday.isStar) yield `"${days}" is every day and doesn't restrict: it runs on the days of the week alone`;
  if (days.includes(",") && day.isStar) yield `a star stands in "${days}": the days of the month don't restrict`;
  if (weekdays.includes(",") && weekday.isStar) yield `a star stands in "${weekdays}": the days of the week don't restrict`;
  yield* uneven("minute", minutes, 60, minute.values.size);
  yield* uneven("hour", hours, 24, hour.values.size);
  if (/^(29|30|31)$/.test(days)) yield `a month without a day ${days} has no run: the last day of each month is L`;
}

function* uneven(name: string, text: string, of: number, count: number): Generator<string> {
  const [, stepText] = /^(?:[*?]|\d+(?:-\d+)?)\/(\d+)$/.exec(text) ?? [];
  const step = Number(stepText);
  if (stepText === undefined || step === 1) return;
  if (count === 1) yield `the step of "${text}" leads beyond the last ${name}: it has one value alone`;
  else if (text.startsWith("*") && of % step !== 0)
    yield `"${text}" begins anew with each ${name === "minute" ? "hour" : "day"}: from its last value to the next first is less than ${step}; @every and \`interval\` go on evenly`;
}

/** The first time within a year that clocks don't show, and the first that they show twice, where the rules make a difference. */
function* overChanges(cron: Cron, zone: Zone, rules: ClockRules, now: number): Generator<string> {
  const shown = (at: number, from: number, to: number): string => new Date(zone.wallAt(at)).toISOString().slice(from, to);
  const gap = firstDifference(cron, zone, { ...rules, gap: "skip" }, { ...rules, gap: "after" }, now);
  if (gap !== undefined)
    yield `on ${shown(gap, 0, 10)} clocks in ${zone.name} are set forward over it: it ${rules.gap === "after" ? `runs at ${shown(gap, 11, 16)}` : "doesn't run"} (gap: ${rules.gap})`;
  const repeat = firstDifference(cron, zone, { ...rules, repeat: "first" }, { ...rules, repeat: "both" }, now);
  if (repeat !== undefined)
    yield `on ${shown(repeat, 0, 10)} clocks in ${zone.name} show ${shown(repeat, 11, 16)} twice: it runs ${rules.repeat === "first" ? "the first time alone" : "both times"} (repeat: ${rules.repeat})`;
}

/** The first time within a year that one of two rules has and the other hasn't. */
function firstDifference(cron: Cron, zone: Zone, one: ClockRules, other: ClockRules, now: number): number | undefined {
  const today = Math.floor(zone.wallAt(now) / day);
  for (let of = today; of < today + 366; of += 1) {
    // On most days no clock changes.
    if (zone.offsetOf(of) !== undefined) continue;
    const times = (rules: ClockRules): number[] => {
      const found: number[] = [];
      const from = of * day - zone.offsetAt(of * day);
      for (let at = nextOf(cron, zone, rules, from); at !== undefined && at < from + day; at = nextOf(cron, zone, rules, at))
        found.push(at);
      return found;
    };
    const [fewer, more] = [new Set(times(one)), times(other)];
    const differing = more.find((time) => !fewer.has(time));
    if (differing !== undefined) return differing;
  }
  return undefined;
}
