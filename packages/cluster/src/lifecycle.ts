import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { messageOf } from "@plimsoll/kube";
import type { Component, Setting } from "./components/component.ts";
import { ClusterError } from "./failure.ts";
import { inNamespace } from "./host/namespace.ts";
import { runningPid, start } from "./host/process.ts";
import { waitFor } from "./host/wait.ts";

/** Starts the component unless it runs. */
export async function ensureStarted({ paths }: Setting, component: Component): Promise<void> {
  const files = paths.files(component.name);
  if (runningPid(files.pidFile) === undefined) await start(component.inNode ? inNamespace(paths, component) : component, files);
}

/** Waits for a condition that the component brings about. Says the end of its log when it died over it, else how the last attempt failed. */
export async function untilReady<T>(
  { paths }: Pick<Setting, "paths">,
  name: Component["name"],
  seconds: number,
  attempt: () => Promise<T | undefined | false>,
): Promise<T> {
  const { pidFile, log } = paths.files(name);
  let failure = "";
  return waitFor(
    `the start of ${name}`,
    async () => {
      const value = await attempt().catch((error: unknown) => {
        failure = `; the last attempt failed: ${messageOf(error)}`;
        return undefined;
      });
      if (!value && runningPid(pidFile) === undefined)
        throw new ClusterError(`${name} ended while it started. The end of ${log}:\n${tail(log, 10)}`);
      return value;
    },
    { timeout: seconds * 1000, interval: 50, hint: () => `its log is ${log}${failure}` },
  );
}

/** The last lines of a file, of its last 16 KiB. */
export function tail(file: string, lines: number): string {
  if (!existsSync(file)) return "";
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, 16_384));
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } finally {
    closeSync(descriptor);
  }
}
