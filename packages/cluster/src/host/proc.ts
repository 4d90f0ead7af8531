import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

interface Stat {
  parent: number;
  /** As the system counts it; with the pid it names one process for good. */
  started: string;
}

/** Undefined when there is no such process, or only what is left of it until its parent asks for its exit code. */
function statOf(pid: number): Stat | undefined {
  try {
    if (process.platform !== "linux") {
      const fields = /^\s*(\S+)\s+(\d+)\s+(.+?)\s*$/.exec(
        execFileSync("ps", ["-o", "stat=,ppid=,lstart=", "-p", String(pid)], { encoding: "utf8" }),
      );
      const [, state = "Z", parent = "", started = ""] = fields ?? [];
      return state.startsWith("Z") ? undefined : { parent: Number(parent), started };
    }
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name, in brackets, may hold spaces and brackets itself.
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [threads, started] = [Number(rest[15]), rest[17]];
    // Its first thread may have ended before the others, which still hold what it listens on.
    const isOver = state === "X" || (state === "Z" && threads <= 1);
    return isOver || started === undefined ? undefined : { parent: Number(parent), started };
  } catch {
    return undefined;
  }
}

export const startTime = (pid: number): string | undefined => statOf(pid)?.started;

export const parentOf = (pid: number): number | undefined => statOf(pid)?.parent;

/** Whether the process that had this pid at that time is still there. */
export const isAlive = (pid: number, started: string): boolean => startTime(pid) === started;
