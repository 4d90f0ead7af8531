import { cacheFolder } from "@plimsoll/cluster";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** This checkout, with whatever is not committed. */
export const here = fileURLToPath(new URL("..", import.meta.url));

/** A revision that nothing can be compared with; the message says why. */
export class BaseError extends Error {}

/** The commit that a revision names, in full. Throws a BaseError for one that this repository doesn't have. */
export function commitOf(revision: string): string {
  const { status, stdout } = spawnSync("git", ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`], {
    cwd: here,
    encoding: "utf8",
  });
  if (status === 0) return stdout.trim();
  throw new BaseError(
    `--base: this repository has no revision "${revision}"; a branch, a tag or a commit that \`git log\` shows will do (a shallow clone takes \`git fetch --unshallow\` first)`,
  );
}

/** The folder of a checkout of a commit with what it depends on, which is made the first time and kept in the cache. */
export function checkoutOf(commit: string): string {
  const folder = join(cacheFolder(), "baselines", commit);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(`${folder}-`);
  try {
    const archive = execFileSync("git", ["archive", "--format=tar", commit], { cwd: here, maxBuffer: 2 ** 30 });
    run(scratch, archive, "tar", "-x");
    run(scratch, undefined, "npm", "ci", "--no-fund", "--no-audit", "--loglevel=error");
    // What was cut off before this is never taken for a whole one.
    renameSync(scratch, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return folder;
}

function run(cwd: string, input: Buffer | undefined, command: string, ...args: string[]): void {
  const { status, error } = spawnSync(command, args, { cwd, input, stdio: [input === undefined ? "ignore" : "pipe", 2, 2] });
  if (status !== 0) throw new Error(`the baseline can't be made: ${command} ${args.join(" ")}: ${error?.message ?? `exit code ${status}`}`);
}
