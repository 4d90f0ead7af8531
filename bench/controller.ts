import { setTimeout as sleep } from "node:timers/promises";
import type * as local from "../scripts/local-controller.ts";

/** What a build is installed and started with. */
export type Build = Pick<typeof local, "prepare" | "startController">;

/** Installs a build into a cluster and starts its controller, once its modules have been compiled by a first start. */
export async function startCompiled(
  { prepare, startController }: Build,
  cluster: { kubeconfig: string; folder: string },
  options: Parameters<Build["prepare"]>[1] = {},
): Promise<local.LocalController> {
  const kubeconfig = await prepare(cluster, options);
  const start = () => startController({ kubeconfig, folder: cluster.folder, env: { NODE_OPTIONS: "" } });
  await (await start()).stop();
  const controller = await start();
  // It leads a moment after its caches are filled, and what that takes is none of the load.
  await sleep(3_000);
  return controller;
}
