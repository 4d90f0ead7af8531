import { ClusterError } from "../failure.ts";
import type { OnProgress } from "../command/progress.ts";
import { busyboxArchive } from "./busybox.ts";
import { pythonArchive } from "./python.ts";
import { sparkArchive } from "./spark.ts";

const builders: Record<string, (onProgress: OnProgress) => Promise<string>> = {
  busybox: busyboxArchive,
  "python-sklearn": pythonArchive,
  spark: sparkArchive,
};

export const imageNames = Object.keys(builders);

/** The path of a tar with the image "docker.io/library/NAME:latest", built unless the cache has it. */
export async function buildImage(name: string, onProgress: OnProgress = () => {}): Promise<string> {
  const build = builders[name];
  if (build === undefined)
    throw new ClusterError(`There is no image ${name} to build: it may be ${imageNames.join(" or ")}.`, { exitCode: 2 });
  return build(onProgress);
}
