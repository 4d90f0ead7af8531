import { down, printProgress, up } from "@plimsoll/cluster";
import type { TestProject } from "vitest/node";
import { prepare, startController } from "../../scripts/local-controller.ts";
import { buildPrograms } from "./programs.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The run's cluster: an administrator's kubeconfig, the controller's own, and the cluster's name and folder. */
    kubeconfig: string;
    controllerKubeconfig: string;
    clusterName: string;
    clusterFolder: string;
  }
}

/** What is ours bundled, and one cluster, for all tests of a run, with Plimsoll installed and its controller at work as its own ServiceAccount. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const name = `test-${process.pid}`;
  // Of all that starts clusters: their parts are of Go, and spend less of the CPU on collecting garbage, for more memory.
  process.env["GOGC"] ??= "200";
  const removePrograms = await buildPrograms();
  try {
    const cluster = await up({ name, simulatedNodes: 10, audit: true, onProgress: printProgress(process.stderr) });
    const kubeconfig = await prepare(cluster);
    const controller = await startController({ kubeconfig, folder: cluster.folder });
    project.provide("kubeconfig", cluster.kubeconfig);
    project.provide("controllerKubeconfig", kubeconfig);
    project.provide("clusterName", cluster.name);
    project.provide("clusterFolder", cluster.folder);
    return async () => {
      await controller.stop();
      await cluster.down();
      removePrograms();
    };
  } catch (error) {
    // Also what of it was started before it failed.
    await down(name);
    removePrograms();
    throw error;
  }
}
