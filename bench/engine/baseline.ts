import { cacheFolder } from "@plimsoll/cluster";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The commit that this checkout is compared with: the last one that made a Job of each step. */
const commit = "4b22636";

/** This checkout. */
export const checkout = fileURLToPath(new URL("../..", import.meta.url));

/** The folder of a checkout of the baseline with what it depends on, made the first time. */
export function baseline(): string {
  const folder = join(cacheFolder(), "baselines", commit);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(`${folder}-`);
  run(checkout, "git", "archive", "--format=tar", `--output=${scratch}.tar`, commit);
  run(scratch, "tar", "-xf", `${scratch}.tar`);
  run(scratch, "rm", `${scratch}.tar`);
  const [ours, its] = [checkout, scratch].map((folder) => readFileSync(join(folder, "package-lock.json"), "utf8"));
  // The links to the packages of the repository are relative, so that those of a copy lead to its own.
  if (ours === its) run(scratch, "cp", "-a", join(checkout, "node_modules"), scratch);
  else run(scratch, "npm", "ci", "--no-fund", "--no-audit", "--loglevel=error");
  // What was cut off before this is never taken for a whole one.
  renameSync(scratch, folder);
  return folder;
}

function run(cwd: string, command: string, ...args: string[]): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`the baseline can't be made: ${command} ${args.join(" ")}: ${error?.message ?? `exit code ${status}`}`);
}
