import type { OnProgress } from "../command/progress.ts";
import { resolveBinaries } from "./resolve.ts";
import type { Platform } from "./release.ts";
import type { HelmVersion } from "./tools.ts";

/**
 * The path of a Helm of that major version, for this machine or another platform, from where all binaries come. No cluster needs it:
 * it is got when this is called.
 * @throws ClusterError when it can be neither downloaded nor built.
 */
export async function helmProgram(
  version: HelmVersion,
  { onProgress = () => {}, platform }: { onProgress?: OnProgress; platform?: Platform } = {},
): Promise<string> {
  const name = `helm${version}` as const;
  // What $KUBEBUILDER_ASSETS holds is for this machine.
  const { [name]: path } = await resolveBinaries([name], { onProgress, ...(platform && { platform, assets: "" }) });
  if (path === undefined) throw new TypeError(`${name} was not resolved`);
  return path;
}
