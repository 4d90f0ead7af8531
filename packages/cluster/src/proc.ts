import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** When a process started, as the system counts it; undefined when there is none. With the PID it names one process for good. */
export function startTime(pid: number): string | undefined {
  if (process.platform !== "linux") return spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim().replaceAll(" ", "-") || undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Whether the process that had this PID at that time is still there. */
export function isAlive(pid: number, started: string): boolean {
  return startTime(pid) === started;
}
