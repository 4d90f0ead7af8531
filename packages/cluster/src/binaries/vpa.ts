import { join } from "node:path";
import type { OnProgress } from "../command/progress.ts";
import { run } from "../host/run.ts";
import { resolveBinaries } from "./resolve.ts";
import { toolFolder, toolOf, type VpaProgram } from "./tools.ts";

/**
 * The path of one of VerticalPodAutoscaler's programs, from where all binaries come. No cluster needs it: it is got when this is called.
 * @throws ClusterError when it can be neither found nor built.
 */
export async function vpaProgram(name: VpaProgram, onProgress: OnProgress = () => {}): Promise<string> {
  const { [name]: path } = await resolveBinaries([name], { onProgress });
  if (path === undefined) throw new TypeError(`${name} was not resolved`);
  return path;
}

/** The path of a file that VerticalPodAutoscaler is installed by, as in `vpa-v1-crd-gen.yaml`, of the version of its programs. */
export async function vpaFile(name: string): Promise<string> {
  const tool = toolOf("vpa-updater");
  const answer = await run("go", ["mod", "download", "-json", tool.module], { cwd: toolFolder(tool) });
  const { Dir: folder } = JSON.parse(answer) as { Dir: string };
  return join(folder, "deploy", name);
}
