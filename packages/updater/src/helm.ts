import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { parse } from "yaml";
import * as z from "zod";
import { objectsIn, type ManifestObject, type ObjectName } from "./cluster/manifest.ts";

export interface HelmOptions {
  /** Its path. */
  program: string;
  /** Undefined: as the Pod's ServiceAccount. */
  kubeconfig: string | undefined;
  namespace: string;
  release: string;
  /** Where it keeps what it needs while it runs. */
  folder: string;
  /** Ends it. */
  signal: AbortSignal;
}

/** What Helm said, where it failed. */
export class HelmError extends Error {
  constructor(command: string, output: string) {
    // Its last line is the error; what stands before is a log.
    const last = output.trim().split("\n").at(-1) ?? "";
    super(`helm ${command}: ${last.replace(/^Error: /, "") || "it failed, and said nothing"}`);
    this.name = "HelmError";
  }
}

const chartSchema = z.object({ version: z.string() });

/** Revisions that are kept. */
const most = 10;

/** Runs Helm 3 or 4 for one release. It never waits: whether a release works is judged by what runs. */
export class Helm {
  /** Whether it creates objects by applying them, as Helm 4 does: then a right to create can be held to a name. */
  readonly appliesInServer: boolean;
  readonly #options: HelmOptions;

  private constructor(options: HelmOptions, appliesInServer: boolean) {
    this.#options = options;
    this.appliesInServer = appliesInServer;
  }

  /** Throws an Error where there is no Helm 3 or 4. */
  static async start(options: HelmOptions): Promise<Helm> {
    const version = (await output(options, ["version", "--template", "{{.Version}}"])).trim();
    const [, major] = /^v?(\d+)\./.exec(version) ?? [];
    if (major !== "3" && major !== "4") throw new Error(`--helm ${options.program} is of version "${version}": give Helm 3 or 4`);
    return new Helm(options, major === "4");
  }

  /**
   * The objects that an upgrade would apply, with values that the release was given; nothing is asked of the cluster (a dry run would read
   * what is new, which the updater may not). Throws an Error where the chart is of another version.
   */
  async render(
    chart: string,
    version: string,
    values: object,
    dropped: readonly ObjectName[],
    kubeVersion: string,
  ): Promise<ManifestObject[]> {
    const { release, folder } = this.#options;
    const shown = chartSchema.parse(parse(await output(this.#options, ["show", "chart", chart])));
    if (shown.version !== version) throw new HelmError("show chart", `it is a chart of version ${shown.version}`);
    const file = join(folder, "values.json");
    await writeFile(file, JSON.stringify(values));
    const given = ["--values", file, "--set-json", `autoUpdate.dropped=${JSON.stringify(dropped)}`];
    const args = ["template", release, chart, ...given, "--is-upgrade", "--no-hooks", "--skip-tests", "--kube-version", kubeVersion];
    return objectsIn(await output(this.#options, args));
  }

  async upgrade(chart: string, dropped: readonly ObjectName[]): Promise<void> {
    await output(this.#options, this.#upgrade(chart, dropped));
  }

  /** Installs a revision once more as a new one; of one that Helm was cut off in, that is the rest of it. */
  async rollback(revision: number): Promise<void> {
    // It has to come right, whoever has changed what since.
    const server = this.appliesInServer ? ["--server-side=true", "--force-conflicts"] : [];
    await output(this.#options, ["rollback", this.#options.release, String(revision), "--history-max", String(most), ...server]);
  }

  #upgrade(chart: string, dropped: readonly ObjectName[]): string[] {
    return [
      "upgrade",
      this.#options.release,
      chart,
      "--reset-then-reuse-values",
      `--history-max=${most}`,
      `--set-json=autoUpdate.dropped=${JSON.stringify(dropped)}`,
      // Also of a release that Helm 3 has installed.
      ...(this.appliesInServer ? ["--server-side=true"] : []),
    ];
  }
}

/** What Helm prints. Throws a HelmError with what it says where it fails; the signal's reason where that ended it. */
async function output({ program, kubeconfig, namespace, folder, signal }: HelmOptions, args: string[]): Promise<string> {
  signal.throwIfAborted();
  const env = {
    // HELM_KUBECONTEXT and the like would lead it elsewhere than the updater looks.
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("HELM_"))),
    HOME: folder,
    ...(kubeconfig !== undefined && { KUBECONFIG: kubeconfig }),
    KUBECACHEDIR: join(folder, "kube"),
    HELM_CACHE_HOME: join(folder, "cache"),
    HELM_CONFIG_HOME: join(folder, "config"),
    HELM_DATA_HOME: join(folder, "data"),
    HELM_NAMESPACE: namespace,
  };
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], cwd: folder, env });
  const kill = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  try {
    const [[code], stdout, stderr] = await Promise.all([
      once(child, "close") as Promise<[number | null]>,
      text(child.stdout),
      text(child.stderr),
    ]);
    signal.throwIfAborted();
    if (code !== 0) throw new HelmError(args[0] ?? "", stderr || stdout);
    return stdout;
  } finally {
    signal.removeEventListener("abort", kill);
  }
}
