import type { Cluster } from "@plimsoll/cluster";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import * as z from "zod";

const running = z.object({ pid: z.number(), port: z.number() });

/** A controller at work: its process, and where it serves its metrics. */
export type Running = z.infer<typeof running>;

const host = fileURLToPath(new URL("host.ts", import.meta.url));

/** Has a build installed into a cluster and its controller at work for `work`, which is given the controller's process. Gives what `work` does. */
export async function withBuild<T>(folder: string, cluster: Cluster, work: (controller: Running) => Promise<T>): Promise<T> {
  // Each in a process of its own: kinds and roles are those of the modules that are loaded.
  const child = fork(host, [folder, cluster.kubeconfig, cluster.folder], { stdio: ["ignore", 2, 2, "ipc"] });
  const ended = once(child, "exit");
  try {
    return await work(await Promise.race([runningIn(child), ended.then(() => notStarted(folder))]));
  } finally {
    if (child.connected) child.disconnect();
    await ended;
  }
}

async function runningIn(child: ChildProcess): Promise<Running> {
  const [message] = (await once(child, "message")) as unknown[];
  const parsed = running.safeParse(message);
  if (parsed.success) return parsed.data;
  throw new Error(`what hosts the build said ${JSON.stringify(message)}`);
}

function notStarted(folder: string): never {
  throw new Error(`the build in ${folder} could not be started: see above`);
}
