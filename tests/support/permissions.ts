import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";

const main = new URL("../../packages/cli/src/main.ts", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "plimsoll-permissions-"));

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `plimsoll permissions` as a user does, in the folder of `file`; nothing here is a terminal. Offline, no cluster can be found. */
export function run(args: readonly string[], { input = "", kubeconfig = join(folder, "nowhere") } = {}): Promise<Result> {
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, "permissions", ...args], { env, cwd: folder, maxBuffer: 1 << 26 }, (error, stdout, stderr) => resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }));
    child.stdin?.end(input);
  });
}

export const offline = (...args: string[]): Promise<Result> => run(args);
export const live = (...args: string[]): Promise<Result> => run(args, { kubeconfig: inject("kubeconfig") });

/** Writes a file and gives the name by which `run` finds it. */
export function file(name: string, text: string | Buffer): string {
  writeFileSync(join(folder, name), text);
  return name;
}
