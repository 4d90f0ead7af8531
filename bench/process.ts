import { readFileSync } from "node:fs";

/** A process's use of the machine, from /proc. */
export interface Usage {
  /** User and system time so far, in milliseconds. */
  cpu: number;
  /** Resident memory now, and at its highest, in MB (10⁶ bytes). */
  rss: number;
  peakRss: number;
}

/** Reads the usage of a living process. Linux alone; /proc counts time in hundredths of a second. */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kilobytes = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) * 10,
    rss: (kilobytes("VmRSS") * 1024) / 1e6,
    peakRss: (kilobytes("VmHWM") * 1024) / 1e6,
  };
}
