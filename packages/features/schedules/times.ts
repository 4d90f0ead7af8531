import type { Timing } from "./cron/timing.ts";

/** The times from one moment to another, both included; undefined for more than `most`. Milliseconds since 1970. */
export function timesBetween({ next }: Pick<Timing, "next">, from: number, to: number, most: number): number[] | undefined {
  const times: number[] = [];
  for (let time = next(from - 1); time !== undefined && time <= to; time = next(time)) {
    if (times.length === most) return undefined;
    times.push(time);
  }
  return times;
}
