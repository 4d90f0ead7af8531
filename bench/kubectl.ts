import { cacheFolder } from "@plimsoll/cluster";
import { globSync } from "node:fs";
import { join } from "node:path";

/** The kubectl that the clusters are made with. */
export function kubectlProgram(): string {
  const assets = process.env["KUBEBUILDER_ASSETS"];
  const [program] = [
    ...(assets ? globSync(join(assets, "kubectl")) : []),
    ...globSync(join(cacheFolder(), "bin", "kubernetes-*", "kubectl")),
  ];
  if (program === undefined) throw new Error(`there is no kubectl in ${cacheFolder()}, where the cluster should have put it`);
  return program;
}
