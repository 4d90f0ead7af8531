import { spawn } from "node:child_process";
import { execFileSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { until } from "./wait.ts";

/** A process outlives who started it, so it is known by its pid and, as pids are used again, the time it started. */
const identitySchema = z.object({ pid: z.number().int().positive(), started: z.string().min(1) });
type Identity = z.infer<typeof identitySchema>;

export interface Files {
  pidFile: string;
  log: string;
}

/** Starts a process that stays when this one ends, with its output appended to the log. Returns its pid. */
export function start(command: string, args: string[], files: Files, env: Record<string, string> = {}): number {
  mkdirSync(dirname(files.log), { recursive: true });
  const log = openSync(files.log, "a");
  try {
    const child = spawn(command, args, { detached: true, stdio: ["ignore", log, log], env: { ...process.env, ...env }, cwd: "/" });
    child.on("error", (error) => writeFileSync(files.log, `could not start: ${error.message}\n`, { flag: "a" }));
    child.unref();
    if (child.pid === undefined) throw new Error(`${command} could not be started: see ${files.log}`);
    const identity: Identity = { pid: child.pid, started: startTime(child.pid) ?? "gone" };
    writeFileSync(files.pidFile, JSON.stringify(identity));
    return child.pid;
  } finally {
    closeSync(log);
  }
}

/** The pid of the process that the file names, if that very process still runs. */
export function runningPid(pidFile: string): number | undefined {
  if (!existsSync(pidFile)) return undefined;
  const identity = identitySchema.safeParse(parseJson(readFileSync(pidFile, "utf8")));
  if (!identity.success) return undefined;
  return startTime(identity.data.pid) === identity.data.started ? identity.data.pid : undefined;
}

/** Ends the process and waits until it is gone: TERM first, KILL after the grace. No pid file, or another's pid: nothing to do. */
export async function stop(pidFile: string, graceSeconds: number): Promise<void> {
  if (runningPid(pidFile) !== undefined) {
    signal(pidFile, "SIGTERM");
    const gone = async (): Promise<true | undefined> => (runningPid(pidFile) === undefined ? true : undefined);
    await until("the end of a process", graceSeconds, gone).catch(() => signal(pidFile, "SIGKILL"));
    await until(`the end of process ${runningPid(pidFile)}`, 10, gone);
  }
  rmSync(pidFile, { force: true });
}

export function signal(pidFile: string, name: NodeJS.Signals): void {
  const pid = runningPid(pidFile);
  if (pid === undefined) return;
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Undefined for a process that is gone, or ended and not yet waited for by its parent. */
function startTime(pid: number): string | undefined {
  try {
    if (process.platform !== "linux") {
      const [state, started] = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], { encoding: "utf8" }).trim().split(/\s+(.*)/s);
      return state?.startsWith("Z") ? undefined : started;
    }
    // The command's name, in parentheses, may hold anything; the fields after it are separated by spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ");
    return fields?.[0] === "Z" || fields?.[0] === "X" ? undefined : fields?.[19];
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
