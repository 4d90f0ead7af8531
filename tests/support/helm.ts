import { helmProgram, printProgress, type HelmVersion } from "@plimsoll/cluster";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, inject } from "vitest";
import type { Result } from "./cli.ts";

/** Where neither is in the cache nor to be downloaded, they are built, which takes minutes. */
beforeAll(async () => {
  for (const version of [3, 4] as const) await helmProgram(version, { onProgress: printProgress(process.stderr) });
}, 1_800_000);

/**
 * Runs Helm, as the cluster's administrator unless the kubeconfig says otherwise; a failure is told by the exit code.
 * Its caches and settings, and those of the client library, are in a folder of the run's own: it finds out anew what the server has.
 */
export async function helm(version: HelmVersion, args: readonly string[], { kubeconfig = inject("kubeconfig") } = {}): Promise<Result> {
  const program = await helmProgram(version);
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-helm-"));
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    // It is short-lived, and would spend a quarter of its CPU time on collecting garbage.
    GOGC: "400",
    KUBECONFIG: kubeconfig,
    KUBECACHEDIR: join(folder, "kube"),
    HELM_CACHE_HOME: join(folder, "cache"),
    HELM_CONFIG_HOME: join(folder, "config"),
    HELM_DATA_HOME: join(folder, "data"),
  };
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  execFile(program, args, { env, cwd: folder, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
    if (error && typeof error.code !== "number") reject(error);
    else resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
  });
  return promise.finally(() => rm(folder, { recursive: true }));
}
