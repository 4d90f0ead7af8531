import { readdirSync, readFileSync } from "node:fs";

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
  const fields = statOf(pid);
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kilobytes = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) * 10,
    rss: (kilobytes("VmRSS") * 1024) / 1e6,
    peakRss: (kilobytes("VmHWM") * 1024) / 1e6,
  };
}

/** When a process began, in milliseconds since 1970, to 10 ms. */
export function startOf(pid: number): number {
  const uptime = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
  return Date.now() - uptime * 1_000 + Number(statOf(pid)[19]) * 10;
}

/** The process with a variable in its environment, as in `NAME=value`. */
export function pidOf(variable: string): number | undefined {
  return readdirSync("/proc")
    .map(Number)
    .find((pid) => pid > 0 && environmentOf(pid).includes(variable));
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // It has ended.
  }
}

/** What /proc says of it, from its state on: before that stands its name, in which there may be anything. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
