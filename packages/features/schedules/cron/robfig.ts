import { calendarDay, hasDay } from "./days.ts";
import type { Cron } from "./expression.ts";
import type { Zone } from "./zone.ts";

const second = 1_000;
const hour = 3_600_000;
const day = 24 * hour;

/**
 * The next time as github.com/robfig/cron v3.0.1 has it, which Kubernetes' CronJobs and Argo's CronWorkflows run by, with its faults where
 * clocks are changed: for saying which times would differ. Undefined where it finds none within five years.
 */
export function robfigNext(cron: Cron, zone: Zone, after: number): number | undefined {
  let at = Math.floor(after / second) * second + second;
  let isRounded = false;
  const lastYear = year(zone, at) + 5;
  const has = (values: ReadonlySet<number>, value: number): boolean => values.has(value);

  for (;;) {
    if (year(zone, at) > lastYear) return undefined;
    let isWrapped = false;
    while (!isWrapped && !has(cron.month.values, wall(zone, at).getUTCMonth() + 1)) {
      if (!isRounded) at = date(zone, startOfMonth(wall(zone, at)));
      isRounded = true;
      const on = wall(zone, at);
      at = date(zone, Date.UTC(on.getUTCFullYear(), on.getUTCMonth() + 1, on.getUTCDate()) + (on.getTime() % day));
      isWrapped = wall(zone, at).getUTCMonth() === 0;
    }
    while (!isWrapped && !hasDay(cron, calendarDay(Math.floor(zone.wallAt(at) / day)))) {
      if (!isRounded) at = date(zone, startOfDay(wall(zone, at)));
      isRounded = true;
      const next = date(zone, wall(zone, at).getTime() + day);
      // A day that a zone has left out altogether: it would come no further.
      if (next <= at) return undefined;
      at = next;
      const hours = wall(zone, at).getUTCHours();
      if (hours !== 0) at += (hours > 12 ? 24 - hours : -hours) * hour;
      isWrapped = wall(zone, at).getUTCDate() === 1;
    }
    while (!isWrapped && !has(cron.hour.values, wall(zone, at).getUTCHours())) {
      if (!isRounded) at = date(zone, Math.floor(wall(zone, at).getTime() / hour) * hour);
      isRounded = true;
      at += hour;
      isWrapped = wall(zone, at).getUTCHours() === 0;
    }
    while (!isWrapped && !has(cron.minute.values, wall(zone, at).getUTCMinutes())) {
      if (!isRounded) at = Math.floor(at / (60 * second)) * 60 * second;
      isRounded = true;
      at += 60 * second;
      isWrapped = wall(zone, at).getUTCMinutes() === 0;
    }
    while (!isWrapped && wall(zone, at).getUTCSeconds() !== 0) {
      isRounded = true;
      at += second;
      isWrapped = wall(zone, at).getUTCSeconds() === 0;
    }
    if (!isWrapped) return at;
  }
}

function wall(zone: Zone, at: number): Date {
  return new Date(zone.wallAt(at));
}

function year(zone: Zone, at: number): number {
  return wall(zone, at).getUTCFullYear();
}

/** As Go's time.Date does it: by the offset that there is at the time read as UTC, then by that at what this gives. */
function date(zone: Zone, local: number): number {
  const offset = zone.offsetAt(local);
  return offset === 0 ? local : local - zone.offsetAt(local - offset);
}

function startOfDay(on: Date): number {
  return Math.floor(on.getTime() / day) * day;
}

function startOfMonth(on: Date): number {
  return Date.UTC(on.getUTCFullYear(), on.getUTCMonth(), 1);
}
