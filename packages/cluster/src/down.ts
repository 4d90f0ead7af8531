import { existsSync, rmSync } from "node:fs";
import { componentNames } from "./components/component.ts";
import { locked } from "./host/lock.ts";
import { closeNamespace } from "./host/namespace.ts";
import { stop } from "./host/process.ts";
import { step, type OnProgress } from "./command/progress.ts";
import { checkName, pathsOf, type Paths } from "./state.ts";

/**
 * Ends a cluster and everything of it, in whatever state it is. Resolves to whether there was one.
 * @throws ClusterError when something of it cannot be removed.
 */
export async function down(name = "plimsoll", onProgress: OnProgress = () => {}): Promise<boolean> {
  const paths = pathsOf(checkName(name));
  if (!existsSync(paths.folder)) return false;
  await locked(
    paths.lock,
    () => {},
    () => step(onProgress, `taking the cluster ${name} down`, () => remove(paths)),
  );
  return true;
}

/** To be called under the cluster's lock. */
export async function remove(paths: Paths): Promise<void> {
  await closeNamespace(paths);
  // What they hold is deleted next: nothing is lost by a short grace.
  await Promise.all(componentNames.map((component) => stop(paths.files(component).pidFile, 0.5)));
  rmSync(paths.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
