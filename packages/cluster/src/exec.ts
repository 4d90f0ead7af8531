import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ClusterError } from "./failure.ts";

const execute = promisify(execFile);

/** Runs a program to its end and gives what it printed. Throws a ClusterError with what it said on stderr. */
export async function exec(program: string, args: readonly string[], options: { cwd?: string; env?: Record<string, string>; input?: string } = {}): Promise<string> {
  const child = execute(program, [...args], { ...(options.cwd === undefined ? {} : { cwd: options.cwd }), env: { ...process.env, ...options.env }, maxBuffer: 256 * 1024 * 1024 });
  child.child.stdin?.end(options.input ?? "");
  try {
    return (await child).stdout;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error && typeof error.stderr === "string" ? error.stderr.trim() : String(error);
    throw new ClusterError(`${program} ${args.slice(0, 6).join(" ")}: ${said.split("\n").slice(-5).join("\n")}`);
  }
}

/** Whether a program can be found on the PATH, or in the folders where Debian keeps those for root. */
export async function has(program: string): Promise<boolean> {
  return execute("sh", ["-c", `PATH=$PATH:/usr/sbin:/sbin command -v ${program}`]).then(
    () => true,
    () => false,
  );
}
