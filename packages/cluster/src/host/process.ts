import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";
import { ClusterError } from "../failure.ts";
import { isAlive, parentOf, startTime } from "./proc.ts";
import { waitFor } from "./wait.ts";

/** A process outlives who started it, so it is known by its pid and, as pids are used again, the time it started. */
const identitySchema = z.object({ pid: z.number().int().positive(), started: z.string().min(1) });

export interface Files {
  pidFile: string;
  log: string;
}

export interface Command {
  command: string;
  args: string[];
  env?: Record<string, string>;
  /** Default "/": no folder is held. */
  cwd?: string;
  /** The command forks once, and the child is the process that counts: nsenter, entering another's pid namespace. */
  forks?: boolean;
}

/** Starts a process that stays when this one ends, with its output appended to the log. */
export async function start({ command, args, env, cwd = "/", forks }: Command, files: Files): Promise<void> {
  mkdirSync(dirname(files.log), { recursive: true, mode: 0o700 });
  mkdirSync(dirname(files.pidFile), { recursive: true, mode: 0o700 });
  const log = openSync(files.log, "a");
  try {
    const child = spawn(command, args, { detached: true, stdio: ["ignore", log, log], env: { ...process.env, ...env }, cwd });
    child.on("error", (error) => writeFileSync(files.log, `could not start: ${error.message}\n`, { flag: "a" }));
    child.unref();
    if (child.pid === undefined) throw new ClusterError(`${command} could not be started: see ${files.log}`);
    const pid = forks ? await onlyChildOf(child.pid) : child.pid;
    writeFileSync(files.pidFile, JSON.stringify({ pid, started: startTime(pid) ?? "gone" }));
  } finally {
    closeSync(log);
  }
}

/** The process's child, as soon as it is there; the process itself when it ended before. */
function onlyChildOf(pid: number): Promise<number> {
  return waitFor(
    `the start of a process by process ${pid}`,
    () => {
      const child = readdirSync("/proc")
        .map(Number)
        .find((candidate) => candidate > 0 && parentOf(candidate) === pid);
      return child ?? (startTime(pid) === undefined ? pid : undefined);
    },
    { timeout: 10_000, interval: 10 },
  );
}

/** The pid of the process that the file names, if that very process still runs. */
export function runningPid(pidFile: string): number | undefined {
  if (!existsSync(pidFile)) return undefined;
  const identity = identitySchema.safeParse(parseJson(readFileSync(pidFile, "utf8")));
  return identity.success && isAlive(identity.data.pid, identity.data.started) ? identity.data.pid : undefined;
}

/** Ends the process and waits until it is gone: TERM first, KILL after the grace. No pid file, or another's pid: nothing to do. */
export async function stop(pidFile: string, graceSeconds: number): Promise<void> {
  const gone = (): boolean => runningPid(pidFile) === undefined;
  if (!gone()) {
    if (graceSeconds > 0) {
      signal(pidFile, "SIGTERM");
      await waitFor("its end", gone, { timeout: graceSeconds * 1000, interval: 20 }).catch(() => {});
    }
    signal(pidFile, "SIGKILL");
    await waitFor(`the end of process ${runningPid(pidFile)}`, gone, { timeout: 10_000, interval: 20 });
  }
  rmSync(pidFile, { force: true });
}

function signal(pidFile: string, name: NodeJS.Signals): void {
  const pid = runningPid(pidFile);
  if (pid === undefined) return;
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
