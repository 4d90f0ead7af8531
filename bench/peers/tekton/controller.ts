import type { Cluster } from "@plimsoll/cluster";
import { cacheFolder } from "@plimsoll/cluster";
import { execFile, spawn } from "node:child_process";
import { existsSync, openSync, readFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** What the controller may send and do at once: `defaults` of its flags, or raised to what the rest of the testbed may. */
export const tunings = {
  defaults: [],
  // The program doubles both rates.
  raised: ["-kube-api-qps", "100", "-kube-api-burst", "200", "-threads-per-controller", "32"],
} as const;

export type Tuning = keyof typeof tunings;

// As config/controller.yaml has them; simulated nodes pull none.
const images = ["entrypoint", "nop", "sidecarlogresults", "workingdirinit", "shell", "shell-image-win"].flatMap((name) => [
  name.startsWith("shell") ? `-${name.replace(/^shell$/, "shell-image")}` : `-${name}-image`,
  name,
]);
const environment = {
  SYSTEM_NAMESPACE: "tekton-pipelines",
  KUBERNETES_MIN_VERSION: "v1.28.0",
  CONFIG_DEFAULTS_NAME: "config-defaults",
  CONFIG_LOGGING_NAME: "config-logging",
  CONFIG_OBSERVABILITY_NAME: "config-observability",
  CONFIG_FEATURE_FLAGS_NAME: "feature-flags",
  CONFIG_LEADERELECTION_NAME: "config-leader-election-controller",
  CONFIG_SPIRE: "config-spire",
  METRICS_DOMAIN: "tekton.dev/pipeline",
  PROBES_PORT: "18080",
  PROFILING_PORT: "18008",
  METRICS_PROMETHEUS_PORT: "19090",
};

/** Builds the controller of the version that go.mod beside this file pins, unless it is in the cache; gives its path. */
export async function built(version: string): Promise<string> {
  const path = join(cacheFolder(), "bin", `tekton-${version}-${process.platform}-${process.arch}`, "controller");
  if (existsSync(path)) return path;
  process.stderr.write("building Tekton's controller\n");
  const source = "github.com/tektoncd/pipeline/cmd/controller";
  await promisify(execFile)("go", ["build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", path, source], {
    cwd: import.meta.dirname,
  });
  return path;
}

/** Has Tekton's controller at work for `work`, which is given its process id. Gives what `work` does. */
export async function withController<T>(
  { folder }: Cluster,
  { program, kubeconfig, tuning }: { program: string; kubeconfig: string; tuning: Tuning },
  work: (pid: number) => Promise<T>,
): Promise<T> {
  const log = join(folder, `tekton-${tuning}-${Date.now()}.log`);
  const output = openSync(log, "a");
  const child = spawn(program, ["-kubeconfig", kubeconfig, ...images, ...tunings[tuning]], {
    stdio: ["ignore", output, output],
    env: { ...process.env, ...environment },
  });
  const ended = once(child, "exit");
  try {
    await started(
      () => readFileSync(log, "utf8"),
      () => child.exitCode !== null || child.signalCode !== null,
    );
    return await work(child.pid ?? 0);
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

/** Of TaskRuns, PipelineRuns and ResolutionRequests; each has a Lease of its own. */
const reconcilers = 3;

async function started(log: () => string, hasEnded: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(100)) {
    const text = log();
    if (hasEnded()) throw new Error(`Tekton's controller ended:\n${text}`);
    if (text.split("has started leading").length > reconcilers) {
      await sleep(3_000);
      return;
    }
  }
  throw new Error(`Tekton's controller was not ready within 120 s:\n${log()}`);
}
