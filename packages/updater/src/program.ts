import { clusterName } from "@plimsoll/controller";
import { Elector, fenced, LostLeaseError, Transport } from "@plimsoll/kube";
import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { Cluster } from "./cluster/cluster.ts";
import type { UpdaterConfig } from "./config.ts";
import { Helm } from "./helm.ts";
import type { Options } from "./options.ts";
import { updaterLease } from "./permissions.ts";
import { Reporter } from "./report.ts";
import { Updater } from "./updater.ts";

/** Milliseconds for which another updater is waited for: longer than the Lease of one that was killed holds. */
const patience = 30_000;

/** Looks once; whether it is to be done again soon. */
export async function run({ kubeconfig, helm: program, job, dryRun }: Options, config: UpdaterConfig): Promise<{ again: boolean }> {
  const log = pino();
  const { namespace, release } = config;
  const end = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => end.abort(new Error(`ended by ${signal}`)));
  const userAgent = { userAgent: "plimsoll-updater" };
  const transport = kubeconfig === undefined ? Transport.inCluster(userAgent) : Transport.fromKubeconfig(kubeconfig, userAgent);
  const elector = new Elector({
    connection: { kubeconfig },
    namespace,
    lease: updaterLease,
    onError: (err) => log.warn({ err }, "a request for the lease failed, and is made again"),
  });
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-updater-"));
  try {
    if (!dryRun && !(await isElected())) {
      log.info({ leader: elector.leader }, "another updater is at work");
      return { again: true };
    }
    // Helm's writes can't be fenced: it is ended before another may begin.
    void elector.lost.then((error) => end.abort(error));
    const sender = dryRun ? transport : fenced(transport, elector.fence);
    const role = clusterName("plimsoll-updater", namespace);
    const cluster = new Cluster(sender, namespace, role);
    const { signal } = end;
    const helm = await Helm.start({ program, kubeconfig, namespace, release, folder, signal });
    const reporter = new Reporter(sender, cluster, namespace, hostname());
    const updater = new Updater({ config, sender, helm, cluster, reporter, role, job, dryRun, folder, log, signal });
    const { reason, message, again } = await updater.run();
    log.info({ reason, again }, message);
    return { again };
  } finally {
    await elector.release();
    await transport.close();
    await rm(folder, { recursive: true, force: true });
  }

  async function isElected(): Promise<boolean> {
    elector.start(end.signal);
    const late = new AbortController();
    const waited = sleep(patience, false, { signal: AbortSignal.any([end.signal, late.signal]) });
    try {
      return await Promise.race([elector.elected.then(() => true), waited]);
    } catch (error) {
      end.signal.throwIfAborted();
      throw error instanceof LostLeaseError ? error : new Error("the wait for the lease was ended", { cause: error });
    } finally {
      late.abort();
      waited.catch(() => {});
    }
  }
}
