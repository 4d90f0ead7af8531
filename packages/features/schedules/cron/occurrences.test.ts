import { describe, expect, test } from "vitest";
import { timingOf } from "./timing.ts";
import type { TimingSpec } from "@plimsoll/api";

/** The times from one day's noon to another's, as clocks in the zone show them, with the offset. */
function times(cron: string, zone: string, day: string, rules: Partial<TimingSpec> = {}): string[] {
  const result = timingOf({ cron: [cron], timeZone: zone, ...rules });
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  const { timing } = result;
  const from = Date.parse(`${day}T00:00:00Z`) - 20 * 3_600_000;
  const found: string[] = [];
  for (let at = timing.next(from); at !== undefined && at < from + 64 * 3_600_000; at = timing.next(at)) {
    const text = new Date(timing.zone.wallAt(at)).toISOString();
    const offset = timing.zone.offsetAt(at) / 3_600_000;
    if (text.startsWith(day)) found.push(`${text.slice(11, 16)}${offset < 0 ? "-" : "+"}${Math.abs(offset)}`);
  }
  return found;
}

describe("a time that clocks don't show", () => {
  test.each<[string, string, string, string[]]>([
    ["America/New_York", "2026-03-08", "30 2 * * *", ["03:00-4"]],
    ["Europe/Berlin", "2026-03-29", "0 2 * * *", ["03:00+2"]],
    ["Europe/Berlin", "2026-03-29", "0,30 2,3 * * *", ["03:00+2", "03:30+2"]],
    ["America/Santiago", "2026-09-06", "30 0 * * *", ["01:00-3"]],
    ["Africa/Cairo", "2026-04-24", "@daily", ["01:00+3"]],
    ["Australia/Lord_Howe", "2026-10-04", "15 2 * * *", ["02:30+11"]],
    ["Europe/Berlin", "2026-03-29", "*/15 2 * * *", ["03:00+2"]],
  ])("%s, %s: %s runs as clocks are set forward", (zone, day, cron, expected) => {
    expect(times(cron, zone, day)).toEqual(expected);
  });

  test("is left out where the schedule says so", () => {
    expect(times("30 2 * * *", "Europe/Berlin", "2026-03-29", { gap: "skip" })).toEqual([]);
  });

  test("is none of an hourly schedule's, which goes on by the hour", () => {
    expect(times("30 * * * *", "Europe/Berlin", "2026-03-29").slice(0, 4)).toEqual(["00:30+1", "01:30+1", "03:30+2", "04:30+2"]);
  });

  test("may be a whole day's: that Friday's run comes as the Saturday begins", () => {
    expect(times("0 12 * * 5", "Pacific/Apia", "2011-12-31")).toEqual(["00:00+14"]);
  });
});

describe("a time that clocks show twice", () => {
  test.each<[string, string, string, string[]]>([
    ["America/New_York", "2026-11-01", "30 1 * * *", ["01:30-4"]],
    ["Europe/Berlin", "2026-10-25", "0 2 * * *", ["02:00+2"]],
    ["America/Sao_Paulo", "2019-02-16", "30 23 * * *", ["23:30-2"]],
    ["Australia/Lord_Howe", "2026-04-05", "45 1 * * *", ["01:45+11"]],
  ])("%s, %s: %s runs the first time alone", (zone, day, cron, expected) => {
    expect(times(cron, zone, day)).toEqual(expected);
  });

  test("runs both times where the schedule says so", () => {
    expect(times("30 1 * * *", "America/New_York", "2026-11-01", { repeat: "both" })).toEqual(["01:30-4", "01:30-5"]);
  });

  test("comes twice of what runs every so often", () => {
    expect(times("*/30 1 * * *", "America/New_York", "2026-11-01")).toEqual(["01:00-4", "01:30-4", "01:00-5", "01:30-5"]);
    expect(times("30 * * * *", "America/New_York", "2026-11-01").slice(0, 4)).toEqual(["00:30-4", "01:30-4", "01:30-5", "02:30-5"]);
  });
});

test.each<[string, string]>([
  ["America/Santiago", "2026-09-05"],
  ["America/Havana", "2026-03-07"],
  ["Atlantic/Azores", "2026-03-28"],
  ["Africa/Cairo", "2026-04-24"],
  ["Asia/Beirut", "2026-03-28"],
])("%s: a weekday's schedule runs on that day alone, also where clocks change at midnight", (zone, day) => {
  const weekday = new Date(day).getUTCDay();
  const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
  expect(times(`0 12 * * ${weekday}`, zone, day)).toHaveLength(1);
  expect(times(`0 12 * * ${weekday}`, zone, next)).toEqual([]);
});

test("from each moment, the next time and the one before are neighbours, also in the night of a change", () => {
  for (const [zone, day] of [
    ["Europe/Berlin", "2026-03-29"],
    ["Europe/Berlin", "2026-10-25"],
    ["America/Santiago", "2026-04-05"],
    ["Australia/Lord_Howe", "2026-04-05"],
  ] as const)
    for (const cron of ["*/20 * * * *", "30 1,2 * * *", "0 0 * * *"]) {
      const result = timingOf({ cron: [cron], timeZone: zone });
      if ("problems" in result) throw new Error("it is sound");
      const { next, previous } = result.timing;
      const from = Date.parse(`${day}T00:00:00Z`) - 86_400_000;
      for (let at = from; at < from + 3 * 86_400_000; at += 7 * 60_000) {
        const after = next(at);
        if (after === undefined) throw new Error("there is always another");
        expect(previous(after)).toBeLessThanOrEqual(at);
        expect(next(previous(after) ?? 0)).toBe(after);
      }
    }
});

test.each<[string, string[]]>([
  ["0 0 L * *", ["2027-01-31", "2027-02-28", "2027-03-31"]],
  ["0 0 L-1 * *", ["2027-01-30", "2027-02-27", "2027-03-30"]],
  ["0 0 LW * *", ["2027-01-29", "2027-02-26", "2027-03-31"]],
  ["0 0 15W * *", ["2027-01-15", "2027-02-15", "2027-03-15"]],
  ["0 0 1W 5 *", ["2027-05-03", "2028-05-01", "2029-05-01"]],
  ["0 0 * * 5#2", ["2027-01-08", "2027-02-12", "2027-03-12"]],
  ["0 0 * * FRI#5", ["2027-01-29", "2027-04-30", "2027-07-30"]],
  ["0 0 * * 5L", ["2027-01-29", "2027-02-26", "2027-03-26"]],
  ["0 0 * * 7", ["2027-01-03", "2027-01-10", "2027-01-17"]],
  ["0 0 * * FRI-SUN", ["2027-01-01", "2027-01-02", "2027-01-03"]],
  ["0 0 29 2 *", ["2028-02-29", "2032-02-29", "2036-02-29"]],
  ["0 0 13 * 5", ["2027-01-01", "2027-01-08", "2027-01-13"]],
  ["0 0 30 2 *", []],
])("%s: %s", (cron, expected) => {
  const result = timingOf({ cron: [cron] });
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  const found: string[] = [];
  for (let at = result.timing.next(Date.parse("2026-12-31T12:00:00Z")); at !== undefined && found.length < 3; at = result.timing.next(at))
    found.push(new Date(at).toISOString().slice(0, 10));
  expect(found).toEqual(expected);
});

test("several expressions, an interval, a start and an end", () => {
  const all = (spec: TimingSpec): string[] => {
    const result = timingOf(spec);
    if ("problems" in result) throw new Error(JSON.stringify(result.problems));
    const found: string[] = [];
    for (let at = result.timing.next(Date.parse("2027-01-01T00:00:00Z")); at !== undefined && found.length < 4; at = result.timing.next(at))
      found.push(new Date(at).toISOString().slice(5, 16));
    return found;
  };
  expect(all({ cron: ["0 6 * * *", "30 12 * * *", "0 6 1 * *"] })).toEqual(["01-01T06:00", "01-01T12:30", "01-02T06:00", "01-02T12:30"]);
  expect(all({ interval: "90m" })).toEqual(["01-01T01:30", "01-01T03:00", "01-01T04:30", "01-01T06:00"]);
  expect(all({ interval: "24h", start: "2027-01-02T05:00:00+01:00", end: "2027-01-03T04:00:00Z" })).toEqual(["01-02T04:00", "01-03T04:00"]);
  expect(all({ cron: ["@every 12h", "CRON_TZ=Europe/Berlin 0 3 * * *"] })).toEqual([
    "01-01T02:00",
    "01-01T12:00",
    "01-02T00:00",
    "01-02T02:00",
  ]);
});

test.each<[string, RegExp]>([
  ["0 0 * *", /has 4 fields: give five/],
  ["0 0 0 * * *", /has 6 fields: give five .*`interval`/],
  ["60 * * * *", /the minute "60" is out of range: give 0 to 59/],
  ["0 24 * * *", /the hour "24" is out of range/],
  ["0 0 0 * *", /the day of the month "0" is out of range: give 1 to 31/],
  ["0 0 * 13 *", /the month "13"/],
  ["0 0 * january *", /is written out: give JAN/],
  ["0 0 * * MONDAY", /is written out: give MON/],
  ["0 22-2 * * *", /ends before it begins: write two ranges, as in 22-23,0-2/],
  ["1,,2 * * * *", /a comma with nothing on one side/],
  ["*/0 * * * *", /has no step/],
  ["H 3 * * *", /is Jenkins' H: .*jitter/],
  ["@reboot", /@reboot is for a machine's start/],
  ["@dayly", /there is no @dayly/],
  ["@every 5", /not a duration/],
  ["@every 0s", /no time at all/],
  ["TZ=Europe/Nowhere 0 0 * * *", /there is no time zone "Europe\/Nowhere"/],
  ["0 0 32W * *", /out of range: give 1W to 31W/],
  ["0 0 * * 5#6", /give #1 to #5/],
])("%s is refused: %s", (cron, message) => {
  expect(timingOf({ cron: [cron] })).toMatchObject({
    problems: [{ path: ["spec", "cron", 0], message: expect.stringMatching(message) as string }],
  });
});

test("a zone that isn't one is refused", () => {
  expect(timingOf({ cron: ["@daily"], timeZone: "Mars/Olympus" })).toMatchObject({ problems: [{ path: ["spec", "timeZone"] }] });
  expect(timingOf({ cron: ["@daily"], timeZone: "+02:00" })).toMatchObject({ problems: [{ path: ["spec", "timeZone"] }] });
});

test("a time zone that there isn't hides no expression that is wrong", () => {
  const found = timingOf({ cron: ["61 * * * *"], timeZone: "Europe/Zurig" });
  expect("problems" in found && found.problems.map(({ path }) => path.join("."))).toEqual(["spec.timeZone", "spec.cron.0"]);
});
