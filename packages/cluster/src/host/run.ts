import { spawn, type SpawnOptions } from "node:child_process";
import { ClusterError } from "../failure.ts";

export interface RunOptions extends Pick<SpawnOptions, "cwd" | "env"> {
  input?: NodeJS.ReadableStream;
  signal?: AbortSignal;
}

/** Runs a command to its end and gives what it wrote to stdout. @throws ClusterError with the end of its stderr, or when the input can't be read. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { input, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...spawnOptions, stdio: [input ? "pipe" : "ignore", "pipe", "pipe"] });
    const out: Buffer[] = [];
    let complaints = "";
    child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4_000)));
    child.on("error", (error) => reject(new ClusterError(`cannot run ${command}: ${error.message}`, { cause: error })));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(Buffer.concat(out).toString());
      else
        reject(
          new ClusterError(`"${[command, ...args].join(" ")}" ended with ${signal ?? code}: ${complaints.trim() || "it said nothing"}`),
        );
    });
    if (input && child.stdin) {
      // A command that ends early breaks the pipe; its exit code says why.
      child.stdin.on("error", () => {});
      input.on("error", (error) => {
        reject(new ClusterError(error.message, { cause: error }));
        child.stdin?.destroy();
      });
      input.pipe(child.stdin);
    }
  });
}
