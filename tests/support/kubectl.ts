import { cacheFolder } from "@plimsoll/cluster";
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";

/** What the kubectl that the shared cluster was made with prints, as the cluster's administrator. */
export async function kubectl(...args: string[]): Promise<string> {
  const assets = process.env["KUBEBUILDER_ASSETS"];
  const [program] = [
    ...(assets ? globSync(join(assets, "kubectl")) : []),
    ...globSync(join(cacheFolder(), "bin", "kubernetes-*", "kubectl")),
  ];
  if (program === undefined) throw new Error(`there is no kubectl in ${cacheFolder()}, where the cluster should have put it`);
  const { stdout } = await promisify(execFile)(program, ["--kubeconfig", inject("kubeconfig"), ...args]);
  return stdout;
}
