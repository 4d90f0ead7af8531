import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The last commit of the engine that made a Job of each step. */
const baseline = "4b22636";

/** This checkout. */
export const here = fileURLToPath(new URL("..", import.meta.url));

/** A checkout of the build that this one is compared with, made the first time; gives its folder. */
export function baselineFolder(): string {
  const folder = join(tmpdir(), `plimsoll-baseline-${baseline}`);
  if (existsSync(join(folder, "node_modules"))) return folder;
  mkdirSync(folder, { recursive: true });
  run(here, "sh", "-c", `git archive ${baseline} | tar -x -C "$0"`, folder);
  const lock = (of: string): string => readFileSync(join(of, "package-lock.json"), "utf8");
  if (lock(folder) === lock(here))
    cpSync(join(here, "node_modules"), join(folder, "node_modules"), { recursive: true, verbatimSymlinks: true });
  else run(folder, "npm", "ci", "--no-audit", "--no-fund");
  return folder;
}

function run(cwd: string, command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
}

/** A build at work on a cluster. */
export interface Build {
  /** Of its controller. */
  pid: number;
  stop: () => Promise<void>;
}

/** Installs the build in a folder into a cluster, with its own kinds and roles, and starts its controller; all by its own code. */
export async function startBuild(folder: string, cluster: { kubeconfig: string; folder: string }): Promise<Build> {
  const program = fileURLToPath(new URL("host.ts", import.meta.url));
  const host = spawn(process.execPath, [program, folder, cluster.kubeconfig, cluster.folder], { stdio: ["pipe", "pipe", "inherit"] });
  const pid = await pidFrom(host);
  return {
    pid,
    stop: async () => {
      host.stdin?.end();
      await once(host, "exit");
    },
  };
}

async function pidFrom(host: ChildProcess): Promise<number> {
  if (host.stdout === null) throw new Error("the host's output is not read");
  for await (const line of createInterface({ input: host.stdout })) {
    const [, pid] = /^pid (\d+)$/.exec(line) ?? [];
    if (pid !== undefined) return Number(pid);
  }
  throw new Error("the build could not be started");
}
