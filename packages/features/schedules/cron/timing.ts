import { parseDuration, type Path, type Problem, type TimingSpec } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube/message";
import { parseCron, type Cron } from "./expression.ts";
import { nextOf, previousOf, type ClockRules } from "./occurrences.ts";
import { isZone, zoneOf, type Zone } from "./zone.ts";

/** When something recurs: a function of the specification alone. Times are milliseconds since 1970. */
export interface Timing {
  /** The first time after a moment; undefined where there is none any more. */
  next: (after: number) => number | undefined;
  /** The last time before a moment; undefined where there was none. */
  previous: (before: number) => number | undefined;
  /** The same, as if there were neither a start nor an end. */
  previousAtAll: (before: number) => number | undefined;
  zone: Zone;
  expressions: readonly { cron: Cron; zone: Zone; at: Path }[];
  rules: ClockRules;
}

/** One part of a timing. */
interface Series {
  next: (after: number) => number | undefined;
  previous: (before: number) => number | undefined;
}

/** Checks a timing that stands at a path of an object and makes it, or gives what is wrong with it. */
export function timingOf(spec: TimingSpec, at: Path = ["spec"]): { timing: Timing } | { problems: Problem[] } {
  const { timeZone = "UTC", gap = "after", repeat = "first" } = spec;
  const problems: Problem[] = [];
  if (!isZone(timeZone))
    problems.push({
      path: [...at, "timeZone"],
      message: `there is no time zone "${timeZone}": give a name of the IANA database, as Europe/Zurich or UTC`,
    });
  const zone = zoneOf(isZone(timeZone) ? timeZone : "UTC");
  const rules = { gap, repeat };
  const [from, to] = [
    spec.start === undefined ? -Infinity : Date.parse(spec.start),
    spec.end === undefined ? Infinity : Date.parse(spec.end),
  ];
  const anchor = from === -Infinity ? 0 : from;
  const expressions: { cron: Cron; zone: Zone; at: Path }[] = [];
  const series: Series[] = spec.interval === undefined ? [] : [every(parseDuration(spec.interval), anchor)];
  for (const [index, text] of (spec.cron ?? []).entries()) {
    try {
      const parsed = parseCron(text);
      if ("every" in parsed) series.push(every(parsed.every, anchor));
      else {
        const own = parsed.zone === undefined ? zone : zoneOf(parsed.zone);
        expressions.push({ cron: parsed, zone: own, at: [...at, "cron", index] });
        series.push({
          next: (after) => nextOf(parsed, own, rules, after),
          previous: (before) => previousOf(parsed, own, rules, before),
        });
      }
    } catch (error) {
      problems.push({ path: [...at, "cron", index], message: `"${text}": ${messageOf(error)}` });
    }
  }
  if (problems.length > 0) return { problems };
  const all = series.length === 1 && series[0] !== undefined ? series[0] : union(series);
  return {
    timing: {
      next: (after) => within(all.next(Math.max(after, from - 1)), from, to),
      previous: (before) => within(all.previous(Math.min(before, to + 1)), from, to),
      previousAtAll: all.previous,
      zone,
      expressions,
      rules,
    },
  };
}

function within(time: number | undefined, from: number, to: number): number | undefined {
  return time === undefined || time < from || time > to ? undefined : time;
}

function every(interval: number, anchor: number): Series {
  return {
    next: (after) => anchor + (Math.floor((after - anchor) / interval) + 1) * interval,
    previous: (before) => anchor + (Math.ceil((before - anchor) / interval) - 1) * interval,
  };
}

function union(series: readonly Series[]): Series {
  const all = (times: (number | undefined)[]): number[] => times.filter((time) => time !== undefined);
  return {
    next: (after) => {
      const times = all(series.map(({ next }) => next(after)));
      return times.length === 0 ? undefined : Math.min(...times);
    },
    previous: (before) => {
      const times = all(series.map(({ previous }) => previous(before)));
      return times.length === 0 ? undefined : Math.max(...times);
    },
  };
}
