import { execFile, type ChildProcess } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { programOf } from "../../scripts/programs.ts";

const main = programOf("cli");
const folder = mkdtempSync(join(tmpdir(), "plimsoll-cli-"));

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

interface Surroundings {
  /** What stands on standard input. */
  input?: string;
  /** A file; where it isn't there, no cluster can be found. */
  kubeconfig?: string;
}

/** Runs the command line as a user does, in the folder of `file`; nothing here is a terminal. */
export function plimsoll(args: readonly string[], { input = "", kubeconfig = inject("kubeconfig") }: Surroundings = {}): Promise<Result> {
  const { promise, resolve } = Promise.withResolvers<Result>();
  const child = begin(args, kubeconfig, (code, stdout, stderr) => resolve({ code, stdout, stderr }));
  child.stdin?.end(input);
  return promise;
}

export type Commands = (...args: string[]) => Promise<Result>;

/** Runs commands in a namespace. */
export function commandsIn(namespace: string): Commands {
  return (...args) => plimsoll([...args, "-n", namespace]);
}

/** As `plimsoll`, while it runs. */
export function begin(
  args: readonly string[],
  kubeconfig = inject("kubeconfig"),
  ended: (code: number, stdout: string, stderr: string) => void = () => {},
): ChildProcess {
  const options = { env: { ...process.env, KUBECONFIG: kubeconfig }, cwd: folder, maxBuffer: 1 << 26 };
  return execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) =>
    ended(typeof error?.code === "number" ? error.code : 0, stdout, stderr),
  );
}

/** Writes a file and gives the name by which `plimsoll` finds it. */
export function file(name: string, text: string | Buffer): string {
  writeFileSync(join(folder, name), text);
  return name;
}

/** Where that file is, for other programs. */
export function pathOf(name: string): string {
  return join(folder, name);
}

/** A Pipeline that greets twice, and ends with the exit code that it is given. */
export const pipeline = file(
  "pipeline.yaml",
  `apiVersion: plimsoll.dev/v1alpha1
kind: Pipeline
metadata: {name: greet}
spec:
  params: [{name: whom, default: world}, {name: code, type: integer, default: 0}]
  steps:
    - {name: say, image: busybox, forEach: [1, 2], script: 'echo "hello \${{ params.whom }} \${{ item }}"'}
    - {name: end, needs: [say], image: busybox, script: 'exit \${{ params.code }}'}
`,
);
