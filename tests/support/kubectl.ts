import { cacheFolder } from "@plimsoll/cluster";
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";

export type Kubectl = (...args: string[]) => Promise<string>;

/** What the kubectl that the clusters are made with prints, as a cluster's administrator. */
export function kubectlOf(kubeconfig: string): Kubectl {
  return async (...args) => {
    const assets = process.env["KUBEBUILDER_ASSETS"];
    const [program] = [
      ...(assets ? globSync(join(assets, "kubectl")) : []),
      ...globSync(join(cacheFolder(), "bin", "kubernetes-*", "kubectl")),
    ];
    if (program === undefined) throw new Error(`there is no kubectl in ${cacheFolder()}, where the cluster should have put it`);
    const { stdout } = await promisify(execFile)(program, ["--kubeconfig", kubeconfig, ...args]);
    return stdout;
  };
}

/** The same, on the shared cluster. */
export const kubectl: Kubectl = (...args) => kubectlOf(inject("kubeconfig"))(...args);
