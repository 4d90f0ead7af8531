import type { TimingSpec } from "@plimsoll/api";
import { robfigNext } from "../cron/robfig.ts";
import { timingOf } from "../cron/timing.ts";
import { timesBetween } from "../times.ts";

/** A time at which one of two runs and the other doesn't; milliseconds since 1970. */
export interface Difference {
  time: number;
  /** What clocks show in the zone. */
  local: string;
  /** Who runs then. */
  runs: "before" | "here";
}

const day = 86_400_000;

/**
 * The times within two years from `now` at which a schedule runs and a CronJob of the same expressions doesn't, or the other way round. They
 * are the same but where clocks are changed, so that these days alone are looked at, and those beside them.
 */
export function differences(spec: TimingSpec, now: number): Difference[] {
  const made = timingOf(spec);
  if ("problems" in made) return [];
  const { timing } = made;
  const found: Difference[] = [];
  for (const { cron, zone } of timing.expressions) {
    const own = timingOf({ ...spec, cron: [cron.source] });
    if ("problems" in own) continue;
    const today = Math.floor(zone.wallAt(now) / day);
    let upTo = now;
    for (let of = today; of < today + 2 * 366; of += 1) {
      if (zone.offsetOf(of) !== undefined) continue;
      const from = Math.max(upTo, (of - 1) * day - zone.offsetAt(of * day));
      upTo = Math.max(upTo, (of + 3) * day - zone.offsetAt(of * day));
      const [here, before] = [
        new Set(timesBetween(own.timing, from + 1, upTo, Infinity)),
        new Set(timesBetween({ next: (after) => robfigNext(cron, zone, after) }, from + 1, upTo, Infinity)),
      ];
      const local = (time: number): string => new Date(zone.wallAt(time)).toISOString().slice(0, 16).replace("T", " ");
      for (const time of here) if (!before.has(time)) found.push({ time, local: local(time), runs: "here" });
      for (const time of before) if (!here.has(time)) found.push({ time, local: local(time), runs: "before" });
    }
  }
  return found.sort((a, b) => a.time - b.time);
}
